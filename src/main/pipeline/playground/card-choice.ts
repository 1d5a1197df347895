import { createHash } from 'node:crypto'
import { HydraError } from '../../../shared/errors'
import { type CardChoice, cardText, type TaskCard } from '../../../shared/schemas/card'
import type { Collection, Task } from '../../engine/datasets/collection'
import type { Encoder } from '../../engine/encoders/encoder'
import { type CardVectors, descriptionOnly } from '../../engine/hypernet/card-vectors'
import { createMatrix, meanRow, row } from '../../engine/numeric/matrix'
import { nearestMeans } from '../../engine/retrieval/nearest-mean'
import { type Checkpoint, cardMeans } from '../../engine/training/checkpoint'
import { taskNamed } from './judged-query'
import type { WarmCorpus } from './warm-engine'

/** The card that a person chose: a task's own, one they wrote, or a bare description. */
export function chosenCard(choice: CardChoice, collection: Collection): TaskCard {
  if ('card' in choice) return choice.card
  if ('describe' in choice) {
    // The id names the exported file: two descriptions must not share one.
    const id = `described-${createHash('sha256').update(choice.describe).digest('hex').slice(0, 8)}`
    return { version: 1, id, name: choice.describe, description: choice.describe, examples: [] }
  }
  return requireTask(collection, choice.task).card
}

export function requireTask(collection: Collection, id: string): Task {
  const task = taskNamed(collection, id)
  if (task) return task
  throw new HydraError('TASK_UNKNOWN', {
    expected: `a task of ${collection.id}`,
    got: id,
    remedy: 'Choose one of its tasks.',
    command: `hydra datasets show ${collection.id}`,
  })
}

/** The corpus that a choice is about: its task's, or the only one that the run knows; else it must be named. */
export function datasetOf(
  choice: CardChoice | undefined,
  corpora: ReadonlyMap<string, unknown> | undefined,
): string {
  if (choice && 'task' in choice) return choice.task.split('/', 1)[0]
  if (corpora?.size === 1) return [...corpora.keys()][0]
  throw new HydraError('USAGE', {
    expected: 'the dataset to search',
    got: corpora
      ? `a run on ${[...corpora.keys()].join(', ')}`
      : 'the frozen encoder, which knows no dataset',
    remedy: 'Name the dataset, or choose a task of it.',
    command: 'hydra search --dataset ID',
  })
}

/** A card through the encoder; without examples pseudo-relevance feedback from the corpus stands in, as in training. */
export async function encodeCard(
  card: TaskCard,
  checkpoint: Checkpoint,
  corpus: WarmCorpus,
  encoder: Encoder,
): Promise<CardVectors> {
  const { queries: meanQuery } = cardMeans(checkpoint, corpus.encoded)
  const { documentMean } = corpus.encoded
  const vectors = await encoder.encode([
    cardText(card, checkpoint.description.conditioning),
    ...card.examples.map(({ query }) => query),
  ])
  const count = card.examples.length
  const description = row(vectors, 0)
  if (count === 0) {
    const nearest = await nearestMeans(corpus.index, vectors)
    const means = { queries: meanQuery, documents: documentMean }
    return descriptionOnly(description, row(nearest, 0), means, checkpoint.feedbackWeight)
  }
  const queries = createMatrix(count, vectors.columns, vectors.data.subarray(vectors.columns))
  const documents = await encoder.encode(
    card.examples.map(({ document }) => document),
    { role: 'document' },
  )
  return { description, queries: meanRow(queries), documents: meanRow(documents), corpus: documentMean }
}
