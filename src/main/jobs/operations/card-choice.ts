import { createHash } from 'node:crypto'
import { cardText, type TaskCard } from '../../../shared/card'
import { HydraError } from '../../../shared/errors'
import type { CardChoice } from '../../../shared/search'
import type { Collection } from '../../engine/datasets/collection'
import { listTasks } from '../../engine/datasets/tasks'
import type { Encoder } from '../../engine/encoders/encoder'
import { type CardVectors, descriptionOnly } from '../../engine/hypernet/card-vectors'
import { createMatrix, meanRow, row } from '../../engine/numeric/matrix'
import { nearestMeans } from '../../engine/retrieval/nearest-mean'
import { type Checkpoint, cardMeans } from '../../engine/training/checkpoint'
import type { WarmCorpus } from './warm-engine'

/** The card that a person chose: a task's own, one they wrote, or a bare description. */
export function chosenCard(choice: CardChoice, collection: Collection): TaskCard {
  if ('card' in choice) return choice.card
  if ('describe' in choice) {
    // The id names the exported file: two descriptions must not share one.
    const id = `described-${createHash('sha256').update(choice.describe).digest('hex').slice(0, 8)}`
    return { version: 1, id, name: choice.describe, description: choice.describe, examples: [] }
  }
  const task = listTasks(collection).find(({ id }) => id === choice.task)
  if (!task) {
    throw new HydraError('TASK_UNKNOWN', {
      expected: `a task of ${collection.id}`,
      got: choice.task,
      remedy: `\`hydra datasets show ${collection.id}\` lists them.`,
    })
  }
  return task.card
}

/** The dataset that a choice belongs to, where it says so. */
export function datasetOfChoice(choice: CardChoice | undefined): string | undefined {
  return choice && 'task' in choice ? choice.task.split('/', 1)[0] : undefined
}

/** A card through the encoder; without examples pseudo-relevance feedback from the corpus stands in, as in training. */
export async function encodeCard(
  card: TaskCard,
  checkpoint: Checkpoint,
  corpus: WarmCorpus,
  encoder: Encoder,
): Promise<CardVectors> {
  const means = cardMeans(checkpoint, corpus.encoded.collection.id)
  const vectors = await encoder.encode([
    cardText(card, checkpoint.description.conditioning),
    ...card.examples.map(({ query }) => query),
  ])
  const count = card.examples.length
  const description = row(vectors, 0)
  if (count === 0) {
    const nearest = await nearestMeans(corpus.index, vectors)
    return descriptionOnly(description, row(nearest, 0), means, checkpoint.feedbackWeight)
  }
  const queries = createMatrix(count, vectors.columns, vectors.data.subarray(vectors.columns))
  const documents = await encoder.encode(
    card.examples.map(({ document }) => document),
    { role: 'document' },
  )
  return { description, queries: meanRow(queries), documents: meanRow(documents) }
}
