import { drawExemplars } from '../datasets/exemplars'
import { type CardVectors, descriptionOnly } from '../hypernet/card-vectors'
import { meanRow } from '../numeric/matrix'
import type { EncodedTask } from '../preferences/encoded-collection'

/** A card as one evaluation shows it: its vectors, and which corpus rows it gives away. */
export interface ShownCard {
  readonly vectors: CardVectors
  readonly examples: number
  /** Corpus rows of the exemplar documents. */
  readonly documents: readonly number[]
  /** Query rows of the exemplars. */
  readonly queries: readonly number[]
  /** [d] mean of the corpus documents nearest to the description. */
  readonly nearest: Float32Array
}

/** The numbers of examples at which a task is evaluated: description alone, and with exemplars where train judgments give some. */
export function exampleCounts({ task }: Pick<EncodedTask, 'task'>): number[] {
  if (!task.train.grades.some((grade) => grade > 0)) return [0]
  return [0, task.collection.protocol.examples]
}

/** Whether its train queries give so many pairs to show. */
export function hasExamples({ task }: Pick<EncodedTask, 'task'>, count: number): boolean {
  return count === 0 || drawExemplars(task, count, 0).queries.length === count
}

/**
 * The card with `count` exemplars, drawn from the task's train queries (drawExemplars): the first 4 of 16 are the 4, and
 * every row of the ladder is shown the same. Without exemplars the network's documents part is pseudo-relevance feedback of
 * the given weight.
 */
export function showCard(task: EncodedTask, count: number, seed: number, feedbackWeight = 0): ShownCard {
  const { description, nearest, encoded } = task
  const id = task.task.id
  if (count === 0) {
    const corpus = { queries: encoded.centre.queries, documents: encoded.documentMean }
    const vectors = { ...descriptionOnly(description, nearest, corpus, feedbackWeight), id }
    return { vectors, nearest, examples: 0, documents: [], queries: [] }
  }
  const drawn = drawExemplars(task.task, count, seed)
  const vectors = {
    id,
    description,
    queries: meanRow(encoded.queries, drawn.queries),
    documents: meanRow(encoded.documents, drawn.documents),
    corpus: encoded.documentMean,
  }
  return {
    vectors,
    nearest,
    examples: drawn.queries.length,
    documents: [...drawn.documents],
    queries: [...drawn.queries],
  }
}
