import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { workspacePaths } from '../src/main/workspace/paths'
import { appendEvents } from '../src/main/workspace/runs/run-events'
import { createRun, updateRun } from '../src/main/workspace/runs/run-folder'
import { writeTaskScores, writeVerdict } from '../src/main/workspace/runs/run-results'
import type { DatasetRecord } from '../src/shared/schemas/dataset'
import type { RunRecord } from '../src/shared/schemas/run'
import { trainRequestSchema } from '../src/shared/schemas/run'
import { HEADLINE_MEASURES, type Verdict } from '../src/shared/schemas/verdict'
import { writeCollection } from './e2e/young-collection'
import { madeDifference, madeRow, madeVerdict } from './made-verdict'
import { runDraft } from './run-draft'

/** Test queries of the collection, and documents. */
const SIZE = 16
const SHA256 = 'd'.repeat(64)
const TASK = 'young'

/** At which rank a row puts the one relevant document of each query. */
export type Ranks = Readonly<Record<string, readonly number[]>>

const level = (rank: number) => Array.from({ length: SIZE }, () => rank)
/** Query 0 is the one that the first run loses most, query 5 the one that it wins most. */
export const FIRST: Ranks = {
  frozen: level(4),
  'no card': level(3),
  'task card': level(2).map((rank, i) => (i === 0 ? 9 : i === 5 ? 1 : rank)),
}
export const SECOND: Ranks = {
  frozen: level(4),
  'no card': level(3),
  'task card': level(2).map((rank, i) => (i === 0 ? 1 : i === 5 ? 8 : i === 6 ? 3 : rank)),
}

/** A workspace with a small collection, as an import leaves it. */
export async function writeDataset(workspace: string): Promise<void> {
  const folder = join(workspace, 'datasets', TASK)
  await writeCollection(folder)
  const split = { queries: SIZE, judgments: SIZE }
  const record: DatasetRecord = {
    version: 1,
    id: TASK,
    title: 'Young animals',
    summary: '',
    licence: '',
    source: 'test',
    importedAt: '2026-03-14T08:00:00.000Z',
    exclude: 'none',
    documents: SIZE,
    queries: 4 * SIZE,
    cards: 1,
    splits: { train: { queries: 2 * SIZE, judgments: 2 * SIZE }, dev: split, test: split },
    devFrom: 'given',
    sha256: SHA256,
    findings: [],
  }
  await writeFile(join(folder, 'dataset.json'), JSON.stringify(record))
}

/** A run that is done on that collection: record, events, verdict, scores and run files agree with one another. */
export async function writeComparedRun(
  workspace: string,
  ranks: Ranks,
  options: {
    readonly title: string
    readonly seed?: number
    readonly minute?: number
    readonly sha256?: string
    readonly learningRate?: number
    /** Of its loss curve. */
    readonly points?: number
  },
): Promise<RunRecord> {
  const { title, seed = 1, minute = 0, sha256 = SHA256, learningRate, points = 3 } = options
  const request = trainRequestSchema.parse({
    tasks: [TASK],
    seed,
    ...(learningRate ? { overrides: { learningRate } } : {}),
  })
  const draft = runDraft({
    title,
    request: { ...request, splitSeed: 1 },
    datasets: [{ id: TASK, sha256 }],
    seen: [TASK],
  })
  const { id } = await createRun(workspace, draft, title, new Date(2026, 2, 14, 9, minute))
  await appendEvents(
    workspace,
    id,
    Array.from({ length: points }, (_, i) => ({
      type: 'loss' as const,
      at: 1_773_000_000_000 + 2000 * i,
      run: id,
      arm: 'task card',
      step: 100 * (i + 1),
      steps: 100 * points,
      loss: 3 / (i + 1) + seed / 10,
    })),
  )
  await writeVerdict(workspace, id, verdictOf(id, ranks))
  const header = { task: TASK, cards: 'seen' as const }
  await writeTaskScores(
    workspace,
    id,
    header,
    Array.from({ length: SIZE }, (_, i) => ({
      query: `q3-${i}`,
      examples: 0,
      scores: Object.fromEntries(Object.entries(ranks).map(([row, all]) => [row, scoresAt(all[i])])),
    })),
  )
  const trec = join(workspacePaths(workspace).run(id).folder, 'trec')
  await mkdir(trec, { recursive: true })
  for (const [row, all] of Object.entries(ranks)) {
    const name = row.replaceAll(' ', '-')
    await writeFile(join(trec, `seen-k0.${name}.run`), all.map((rank, i) => runLines(i, rank, name)).join(''))
  }
  return updateRun(workspace, id, { state: 'done', endedAt: new Date(2026, 2, 14, 10, minute).toISOString() })
}

/** Of a query with one relevant document, from its rank. */
function scoresAt(rank: number): Record<(typeof HEADLINE_MEASURES)[number], number> {
  return {
    'nDCG@10': rank <= 10 ? 1 / Math.log2(rank + 1) : 0,
    'MRR@10': rank <= 10 ? 1 / rank : 0,
    'Recall@100': 1,
  }
}

/** All documents, the relevant one at the rank asked for, the others in order. */
function runLines(query: number, rank: number, tag: string): string {
  const others = Array.from({ length: SIZE }, (_, i) => i).filter((document) => document !== query)
  const order = [...others.slice(0, rank - 1), query, ...others.slice(rank - 1)]
  return order
    .map((document, i) => `q3-${query} Q0 d${document} ${i + 1} ${(SIZE - i) / SIZE} ${tag}\n`)
    .join('')
}

function verdictOf(run: string, ranks: Ranks): Verdict {
  const rows = Object.entries(ranks).map(([row, all]) => {
    const mean = Object.fromEntries(
      HEADLINE_MEASURES.map((measure) => {
        const value = all.reduce((sum, rank) => sum + scoresAt(rank)[measure], 0) / SIZE
        return [measure, { value, low: Math.max(0, value - 0.05), high: Math.min(1, value + 0.05) }]
      }),
    )
    return madeRow({
      row,
      cards: 'seen',
      n: SIZE,
      unit: 'queries',
      units: SIZE,
      taskCount: 1,
      mean,
      tasks: { [TASK]: { n: SIZE, measures: mean } },
    })
  })
  const value = (row: string) => rows.find((one) => one.row === row)!.mean['nDCG@10'].value
  return madeVerdict({
    run,
    tasks: [TASK],
    clusters: [0],
    rows,
    differences: [
      madeDifference({
        best: true,
        cards: 'seen',
        unit: 'queries',
        n: SIZE,
        tasks: 1,
        delta: value('task card') - value('no card'),
        corrected: 0.001,
      }),
    ],
    words: 'The task card leads no card.',
    limits: ['One corpus, one seed.'],
  })
}
