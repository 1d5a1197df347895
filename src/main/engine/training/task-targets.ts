import { type CalibratedLists, type StandardList, standardList } from '../preferences/calibrated-lists'
import { type EncodedTask, relevantDocuments } from '../preferences/encoded-collection'
import type { SamplerOptions } from '../preferences/samplers/sampler-spec'

/** What one train query is to find, in corpus rows. */
export interface QueryTargets {
  readonly documents: readonly number[]
  /** Shares of the target mass, not yet divided by their sum. */
  readonly shares: readonly number[]
  /** Judged relevant, though the teacher that is learned does not say so. */
  readonly judged: readonly number[]
  readonly list: StandardList | null
}

/**
 * Targets of every train query of a task: its judged documents in equal shares, or the top of the teacher's list shared by
 * a softmax over the standardised scores.
 * @param learned the lists are the targets; else they only supply negatives
 */
export function taskTargets(
  { task }: EncodedTask,
  lists: CalibratedLists | null,
  learned: boolean,
  options: Pick<SamplerOptions, 'depth' | 'positives' | 'targetTemperature'>,
): QueryTargets[] {
  const rankings = new Map(lists?.rankings.map((ranking, i) => [lists.queries[i], ranking]))
  return Array.from(task.train.queries, (query, place) => {
    const relevant = relevantDocuments(task, task.train, place)
    const ranking = rankings.get(query)
    const list = ranking
      ? standardList(ranking, options.depth, learned && lists ? lists.confidence : null)
      : null
    if (!learned) return { documents: relevant, shares: relevant.map(() => 1), judged: [], list }
    const documents = Array.from(list?.documents.subarray(0, options.positives) ?? [])
    const shares = documents.map((_, i) =>
      Math.exp((list!.scores[i] - list!.scores[0]) / options.targetTemperature),
    )
    return { documents, shares, judged: relevant.filter((document) => !documents.includes(document)), list }
  })
}
