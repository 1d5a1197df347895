import type { RunRecord } from '../../../shared/schemas/run'
import type { Reading } from '../../../shared/schemas/runs/claims'
import type { Verdict, VerdictRow } from '../../../shared/schemas/verdict'
import { systemLabel } from '../../../shared/system-name'

/** Numbers of a text in their order, what is in round brackets left out: `+.030 [−.009, 1.5], 50 cards` is .03, −.009, 1.5, 50. */
export function writtenNumbers(text: string): number[] {
  const plain = text.replace(/\([^)]*\)/g, '').replaceAll('−', '-')
  return [...plain.matchAll(/[+-]?(?:\d[\d,]*\.?\d*|\.\d+)/g)].map(([number]) =>
    Number(number.replaceAll(/[+,]/g, '')),
  )
}

/** The numbers that a run gives for a figure, or null where it has no such row or table. */
export function readFigure(
  read: Reading,
  { run, verdict }: { readonly run: Pick<RunRecord, 'seen' | 'unseen'>; readonly verdict: Verdict },
): number[] | null {
  switch (read.of) {
    case 'tasks':
      return [run.seen.length, run.unseen.length]
    case 'queries': {
      const rows = verdict.rows.filter((row) => !row.bm25 && isAt(row, read))
      return rows.length > 0 ? [Math.max(...rows.map(({ n }) => n))] : null
    }
    case 'lead': {
      const lead = verdict.differences.find(
        (one) => one.best && !one.a.bm25 && one.measure === read.measure && isAt(one, read),
      )
      return lead ? [lead.delta, lead.low, lead.high] : null
    }
    case 'nearness': {
      const found = verdict.nearness?.find((one) => one.nearest === read.nearest && isAt(one, read))
      return found ? [found.lead.value, found.lead.low, found.lead.high, found.tasks] : null
    }
    case 'mean': {
      const mean = meanOf(verdict, read.row, read)
      return mean === null ? null : [mean]
    }
    case 'gain': {
      const [a, b] = [meanOf(verdict, read.row, read), meanOf(verdict, read.over, read)]
      return a === null || b === null ? null : [a - b]
    }
  }
}

/** Means over the runs, number by number; null where one of them gives none. */
export function meanFigure(figures: readonly (readonly number[] | null)[]): number[] | null {
  const given = figures.filter((one) => one !== null)
  if (given.length < figures.length || given.length === 0) return null
  const length = Math.min(...given.map((one) => one.length))
  return Array.from({ length }, (_, i) => given.reduce((sum, one) => sum + one[i], 0) / given.length)
}

/** Whether the numbers that came are those that are written; of more written than came the first count. */
export function isWithin(got: readonly number[], written: readonly number[], tolerance: number): boolean {
  const compared = Math.min(got.length, written.length)
  // What is written was rounded: a number that lies on the bound is within.
  const bound = tolerance + 5e-4 + 1e-9
  return compared > 0 && got.slice(0, compared).every((value, i) => Math.abs(value - written[i]) <= bound)
}

type Place = Pick<VerdictRow, 'cards' | 'examples'>

function isAt(one: Place, { cards, examples }: Place): boolean {
  return one.cards === cards && one.examples === examples
}

function meanOf(
  verdict: Verdict,
  name: string,
  read: Place & { readonly measure: string; readonly tasks?: string },
): number | null {
  const row = verdict.rows.find((one) => systemLabel(one) === name && isAt(one, read))
  if (!row) return null
  if (read.tasks === undefined) return row.mean[read.measure]?.value ?? null
  const pattern = new RegExp(`^${read.tasks.split('*').map(escaped).join('.*')}$`, 'u')
  const values = Object.entries(row.tasks ?? {})
    .filter(([task]) => pattern.test(task))
    .flatMap(([, { measures }]) => measures[read.measure]?.value ?? [])
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
}
