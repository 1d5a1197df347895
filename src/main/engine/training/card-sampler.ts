import type { Recipe } from '../../../shared/schemas/run'
import { type CardMeans, type CardVectors, descriptionOnly } from '../hypernet/card-vectors'
import { gatherRows, meanRow, row } from '../numeric/matrix'
import { type RandomStream, sampleIndices } from '../numeric/random'
import type { EncodedCollection, EncodedTask } from '../preferences/encoded-collection'
import type { QueryTargets } from './task-targets'

export type CardOptions = Pick<Recipe, 'minExamples' | 'maxExamples' | 'descriptionOnly' | 'feedbackWeight'>

/** The trained tasks of one collection. */
export interface TaskGroup {
  readonly encoded: EncodedCollection
  readonly tasks: readonly EncodedTask[]
  /** By task, by place in its train queries. */
  readonly targets: readonly (readonly QueryTargets[])[]
  readonly means: CardMeans
}

export interface DrawnCard {
  readonly card: CardVectors
  /** Corpus rows of the example documents. */
  readonly shown: readonly number[]
}

/** A card of fresh exemplars from the task's train queries, or of its description alone. @param index of the task in the group */
export function drawCard(
  group: TaskGroup,
  index: number,
  options: CardOptions,
  random: RandomStream,
): DrawnCard {
  const task = group.tasks[index]
  const { queries } = task.task.train
  const targets = group.targets[index]
  const count = Math.min(drawCount(options, random), queries.length)
  const examples = sampleIndices(queries.length, count, random).filter((i) => targets[i].documents.length > 0)
  const shown = examples.map((i) => targets[i].documents[random.integer(targets[i].documents.length)])
  const wording = random.integer(task.wordings.rows)
  const description = row(task.wordings, wording)
  const alone = random.next() < options.descriptionOnly || shown.length === 0
  const vectors = alone
    ? descriptionOnly(
        description,
        row(task.wordingsNearest, wording),
        { queries: group.means.queries, documents: group.encoded.documentMean },
        options.feedbackWeight,
      )
    : {
        description,
        queries: meanRow(
          group.encoded.queries,
          examples.map((i) => queries[i]),
        ),
        documents: meanRow(group.encoded.documents, shown),
        corpus: group.encoded.documentMean,
      }
  return { card: { ...vectors, id: task.task.id }, shown }
}

/**
 * A null card (docs/method.md#training-step): a random document for a description, random queries and random documents for
 * examples.
 */
export function drawNullCard(
  { encoded, tasks }: TaskGroup,
  options: CardOptions,
  random: RandomStream,
): CardVectors {
  const count = drawCount(options, random)
  const documents = Array.from({ length: count }, () => random.integer(encoded.documents.rows))
  const queries = Array.from({ length: count }, () => {
    const { train } = tasks[random.integer(tasks.length)].task
    return train.queries[random.integer(train.queries.length)]
  })
  return {
    description: gatherRows(encoded.documents, [random.integer(encoded.documents.rows)]).data,
    queries: meanRow(encoded.queries, queries),
    documents: meanRow(encoded.documents, documents),
    corpus: encoded.documentMean,
  }
}

function drawCount({ minExamples, maxExamples }: CardOptions, random: RandomStream): number {
  return minExamples + random.integer(maxExamples - minExamples + 1)
}

const PARTS = ['description', 'queries', 'documents'] as const

/**
 * A card as an unsteady hand would write it: each part is left out, that is at its mean, with probability `dropout`, and
 * gets Gaussian noise of norm about `noise`. Draws nothing for what is 0.
 */
export function perturbCard(
  card: CardVectors,
  means: CardMeans,
  { noise, dropout }: { readonly noise: number; readonly dropout: number },
  random: RandomStream,
): CardVectors {
  if (noise === 0 && dropout === 0) return card
  const part = (name: (typeof PARTS)[number]) => {
    const kept = dropout > 0 && random.next() < dropout ? means[name] : card[name]
    const deviation = noise / Math.sqrt(kept.length)
    return noise > 0 ? kept.map((value) => value + deviation * random.normal()) : kept
  }
  const [description, queries, documents] = PARTS.map(part)
  return { ...card, description, queries, documents }
}
