import { cardText, type TaskCard } from '../../../shared/card'
import { HydraError } from '../../../shared/errors'
import type { CardChoice } from '../../../shared/search'
import type { Collection } from '../../engine/datasets/collection'
import { listTasks } from '../../engine/datasets/tasks'
import type { Encoder } from '../../engine/encoders/encoder'
import type { CardMeans, CardVectors } from '../../engine/hypernet/card-vectors'
import { createMatrix, meanRow, row } from '../../engine/numeric/matrix'

/** The card that a person chose: a task's own, one they wrote, or a bare description. */
export function chosenCard(choice: CardChoice, collection: Collection): TaskCard {
  if ('card' in choice) return choice.card
  if ('describe' in choice) {
    return { version: 1, id: 'described', name: choice.describe, description: choice.describe, examples: [] }
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

/** A card through the encoder; without examples its queries and documents stand at their means. */
export async function encodeCard(card: TaskCard, means: CardMeans, encoder: Encoder): Promise<CardVectors> {
  const texts = [
    cardText(card),
    ...card.examples.map(({ query }) => query),
    ...card.examples.map(({ document }) => document),
  ]
  const vectors = await encoder.encode(texts)
  const count = card.examples.length
  const description = row(vectors, 0)
  if (count === 0) return { description, queries: means.queries, documents: means.documents }
  const part = (start: number) =>
    meanRow(
      createMatrix(
        count,
        vectors.columns,
        vectors.data.subarray(start * vectors.columns, (start + count) * vectors.columns),
      ),
    )
  return { description, queries: part(1), documents: part(1 + count) }
}
