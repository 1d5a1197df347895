import type { TaskCard } from '../../shared/schemas/card'
import type { DatasetTask } from '../stores/use-all-tasks'

export type CardOrigin = 'yours' | 'template' | 'dataset'

export interface CardRow {
  /** As the page of the card is named. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** Null: they are drawn when the dataset is loaded, as many as its protocol shows. */
  readonly examples: number | null
  readonly origin: CardOrigin
  readonly dataset: { readonly id: string; readonly title: string } | null
}

/** Cards of people, then templates that none of theirs stands in front of, then those of datasets. */
export function cardRows(
  cards: readonly { readonly card: TaskCard; readonly origin: 'workspace' | 'template' }[],
  tasks: readonly DatasetTask[],
): CardRow[] {
  const own = new Set(cards.filter(({ origin }) => origin === 'workspace').map(({ card }) => card.id))
  const written = cards
    .filter(({ card, origin }) => origin === 'workspace' || !own.has(card.id))
    .map(
      ({ card: { id, name, description, examples }, origin }): CardRow => ({
        id,
        name,
        description,
        examples: examples.length,
        origin: origin === 'workspace' ? 'yours' : 'template',
        dataset: null,
      }),
    )
  const ofTasks = tasks.map(
    ({ dataset, task }): CardRow => ({
      id: task.id.includes('/') ? task.id : `${task.id}/${task.id}`,
      name: task.name,
      description: task.description,
      examples: null,
      origin: 'dataset',
      dataset: { id: dataset.id, title: dataset.title },
    }),
  )
  return [...written, ...ofTasks]
}

/** Those of an origin that have every word in name, id, description or dataset. */
export function filterRows(rows: readonly CardRow[], text: string, origin: CardOrigin | 'all'): CardRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    if (origin !== 'all' && row.origin !== origin) return false
    const said = `${row.id} ${row.name} ${row.description} ${row.dataset?.title ?? ''}`.toLowerCase()
    return words.every((word) => said.includes(word))
  })
}
