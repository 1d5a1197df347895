import type { Difference, DocumentPart, Verdict, VerdictRow } from '../src/shared/schemas/verdict'

/** Parts of a verdict with what a test does not care about filled in. */
export function madeRow(change: Partial<VerdictRow> & Pick<VerdictRow, 'row'>): VerdictRow {
  return {
    bm25: false,
    cards: 'unseen',
    examples: 0,
    n: 100,
    unit: 'tasks',
    units: 20,
    taskCount: 20,
    mean: {},
    ...change,
  }
}

export function madeDifference(change: Partial<Difference> = {}): Difference {
  return {
    a: { row: 'task card', bm25: false },
    b: { row: 'no card', bm25: false },
    best: false,
    cards: 'unseen',
    examples: 0,
    task: null,
    measure: 'nDCG@10',
    unit: 'tasks',
    n: 20,
    tasks: 20,
    delta: 0.05,
    low: 0.01,
    high: 0.09,
    p: 0.01,
    corrected: 0.01,
    family: 1,
    student: null,
    effect: null,
    detectable: null,
    ...change,
  }
}

/** A part of a table with the task card's lead over the frozen encoder in nDCG@10. */
export function madePart(
  documents: DocumentPart['documents'],
  queries: number,
  lead: Partial<DocumentPart['leads'][string]> = {},
): DocumentPart {
  const { delta, low, high, p, corrected, student, effect, detectable } = madeDifference()
  const inference = { delta, low, high, p, corrected, family: 2, student, effect, detectable }
  const mean = (value: number) => ({ 'nDCG@10': { value, low: value - 0.01, high: value + 0.01 } })
  return {
    cards: 'seen',
    examples: 0,
    documents,
    tasks: 1,
    queries,
    unit: 'queries',
    n: queries,
    rows: [
      { ...plain('frozen'), mean: mean(0.5) },
      { ...plain('task card'), mean: mean(0.5 + (lead.delta ?? delta)) },
    ],
    leads: { 'nDCG@10': { control: plain('frozen'), ...inference, ...lead } },
  }
}

export function madeVerdict(change: Partial<Verdict> = {}): Verdict {
  return {
    version: 2,
    run: 'r',
    depth: 100,
    tasks: [],
    clusters: [],
    rows: [],
    differences: [],
    extremes: { best: [], worst: [] },
    words: '',
    limits: [],
    seconds: { encode: 0, train: 0, evaluate: 0, total: 0 },
    ...change,
  }
}

export const plain = (row: string) => ({ row, bm25: false })
