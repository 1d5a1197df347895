import { constantCard } from '../hypernet/card-vectors'
import type { Hypernetwork } from '../hypernet/hypernetwork'
import { parseMeasure } from '../measures'
import type { EncodedTask } from '../preferences/encoded-collection'
import { corpusIndexes } from './corpus-indexes'
import { cardCentre } from './network-systems'
import { exampleCounts, type ShownCard, showCard } from './shown-card'
import { meanOverTasks, scoreSystems } from './system-scores'

/** Seen tasks on whose dev queries λ is chosen and training is watched (docs/method.md#controls). */
export const DEV_TASKS = 40
/** Dev queries in all; with 40 tasks 10 of each, with few tasks more of each, else the choice would be noise. */
const DEV_QUERIES = 400
const LEAST_DEV_QUERIES = 10

/** Dev queries of one task of so many, by sha1 of their id. */
export function devQueries(tasks: number): number {
  return Math.max(LEAST_DEV_QUERIES, Math.floor(DEV_QUERIES / Math.max(1, tasks)))
}

export interface SeenDev {
  /** The measure's name, as the curve is labelled. */
  readonly name: string
  measure(network: Hypernetwork): Promise<number>
  dispose(): Promise<void>
}

/**
 * The dev measure of a training: mean nDCG@10 over up to 40 trained tasks' dev queries, cards with their exemplars where
 * they have any. Tasks without dev queries do not count; without any the measure is 0 and says nothing.
 */
export async function seenDev(options: {
  readonly tasks: readonly EncodedTask[]
  readonly descriptionMean: Float32Array
  readonly seed: number
  /** Networks that never look at a card are watched as they are used. */
  readonly constantCards: boolean
  readonly feedbackWeight: number
  readonly signal?: AbortSignal
}): Promise<SeenDev> {
  const tasks = options.tasks.filter(({ task }) => task.dev.queries.length > 0).slice(0, DEV_TASKS)
  const indexes = corpusIndexes()
  const ndcg = parseMeasure('nDCG@10')
  const cards = new Map(
    tasks.map((task) => [
      task,
      showCard(task, exampleCounts(task).at(-1)!, options.seed, options.feedbackWeight),
    ]),
  )
  return {
    name: `dev ${ndcg.name}`,
    async measure(network) {
      const looked = (task: EncodedTask, card: ShownCard) => {
        const means = cardCentre(task, options.descriptionMean)
        return [options.constantCards ? constantCard(means) : card.vectors, means] as const
      }
      const [scores] = await scoreSystems({
        systems: [
          {
            name: 'dev',
            transform: (task, card, queries) => network.transform(...looked(task, card), queries),
            documentHead: (task, card) => network.compileDocuments(...looked(task, card)),
          },
        ],
        tasks,
        split: 'dev',
        mostQueries: () => devQueries(tasks.length),
        measures: [ndcg],
        depth: ndcg.cutoff,
        card: (task) => cards.get(task)!,
        index: indexes.open,
        signal: options.signal,
      })
      return meanOverTasks(scores, ndcg.name)
    },
    dispose: indexes.dispose,
  }
}
