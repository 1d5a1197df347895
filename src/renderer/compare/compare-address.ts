import type { LocationQuery } from 'vue-router'
import { HEADLINE_MEASURES } from '../../shared/ladder'
import type { QueryOrder, SystemOfRun } from '../../shared/schemas/query-comparison'

export interface QueryOfTask {
  readonly task: string
  readonly query: string
}

/** All that Compare shows, as its address says it; what is null is as usual. */
export interface CompareState {
  readonly runs: readonly string[]
  readonly cards: string | null
  readonly k: string | null
  readonly measure: (typeof HEADLINE_MEASURES)[number]
  readonly fused: boolean
  readonly a: SystemOfRun | null
  readonly b: SystemOfRun | null
  /** Only its queries are listed. */
  readonly task: string | null
  readonly order: QueryOrder
  readonly query: QueryOfTask | null
}

export function readAddress(query: LocationQuery): CompareState {
  const all = (key: string) => [query[key]].flat().filter((value) => typeof value === 'string')
  const text = (key: string) => all(key)[0] ?? null
  return {
    runs: [...new Set(all('run'))],
    cards: text('cards'),
    k: text('k'),
    measure: HEADLINE_MEASURES.find((name) => name === text('measure')) ?? HEADLINE_MEASURES[0],
    fused: text('fused') === '1',
    a: system(text('a')),
    b: system(text('b')),
    task: text('task'),
    order: text('order') === 'wins' ? 'wins' : 'losses',
    query: queryOfTask(text('q')),
  }
}

/** An id of a run or a task has no `|`. */
function parted(text: string | null): readonly [string, string] | null {
  const at = text?.indexOf('|') ?? -1
  return text && at > 0 ? [text.slice(0, at), text.slice(at + 1)] : null
}

function system(text: string | null): SystemOfRun | null {
  const parts = parted(text)
  return parts && { run: parts[0], row: parts[1] }
}

function queryOfTask(text: string | null): QueryOfTask | null {
  const parts = parted(text)
  return parts && { task: parts[0], query: parts[1] }
}

export function systemText({ run, row }: SystemOfRun): string {
  return `${run}|${row}`
}

export function queryText({ task, query }: QueryOfTask): string {
  return `${task}|${query}`
}
