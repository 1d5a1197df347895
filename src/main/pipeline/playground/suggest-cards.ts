import { suggestedCardsSchema, suggestRequestSchema } from '../../../shared/schemas/playground'
import type { Task } from '../../engine/datasets/collection'
import { listTasks } from '../../engine/datasets/tasks'
import { createMatrix, row } from '../../engine/numeric/matrix'
import { rankRow } from '../../engine/retrieval/corpus-index'
import { cardMeans } from '../../engine/training/checkpoint'
import { defineOperation } from '../operation'
import { encodeCard } from './card-choice'
import { judgedQueries } from './judged-query'

/** Of how many held-out cards the telling ones are chosen: a second's work. */
const LOOKED_AT = 24
/** How much of a ranking is looked at: what a column shows. */
const SHOWN = 10

/**
 * Cards to begin with: of the tasks that the run has never trained (of the trained ones where none was held out) those whose
 * card puts the most other documents on the first page of a judged query than the frozen encoder does. Whether they are
 * better is not looked at: to choose by that would be to show the best cases. The same run gives the same cards.
 */
export const suggestCards = defineOperation({
  name: 'playground-suggest',
  input: suggestRequestSchema,
  output: suggestedCardsSchema,
  session: true,
  async run({ run: id, dataset, most }, context) {
    const { warm } = context
    const { run, checkpoint, network } = await warm.network(id, context)
    const encoder = await warm.encoder(checkpoint.encoder, context)
    const corpus = await warm.corpus(dataset, run.request.seed, encoder, context)
    const means = cardMeans(checkpoint, corpus.encoded)
    const all = listTasks(corpus.encoded.collection)
    const held = all.filter(({ id }) => run.unseen.includes(id))
    const asked = spread(
      held.length > 0 ? held : all.filter(({ id }) => run.seen.includes(id)),
      LOOKED_AT,
    ).flatMap((task) => judgedQueries(task, 1).map((query) => ({ task, query })))
    if (asked.length === 0) return []
    const frozen = await encoder.encode(asked.map(({ query }) => query.text))
    const moved = createMatrix(frozen.rows, frozen.columns)
    for (const [i, { task }] of asked.entries()) {
      const card = await encodeCard(task.card, checkpoint, corpus, encoder)
      const one = createMatrix(1, frozen.columns, row(frozen, i))
      row(moved, i).set(network.transform(card, means, one).data)
    }
    // Where documents have a head too they would have to move with each card: the query alone says enough to choose by.
    const [before, after] = [await corpus.index.score(frozen), await corpus.index.score(moved)]
    return asked
      .map(({ task, query }, i) => {
        const own = ownDocuments(task, query.id)
        const first = (scores: Float32Array) => rankRow(scores, SHOWN, corpus.index.tieOrder, own).documents
        const known = new Set(first(row(before, i)))
        const fresh = first(row(after, i)).filter((document) => !known.has(document)).length
        return {
          task: task.id,
          name: task.card.name,
          query: query.text,
          moved: fresh,
          trained: held.length === 0,
        }
      })
      .sort((a, b) => b.moved - a.moved || (a.task < b.task ? -1 : 1))
      .slice(0, most)
  },
})

declare module '../operation' {
  interface Operations {
    'playground-suggest': typeof suggestCards
  }
}

/** At most so many of them, evenly spread. */
function spread(tasks: readonly Task[], most: number): Task[] {
  if (tasks.length <= most) return [...tasks]
  return Array.from({ length: most }, (_, i) => tasks[Math.floor((i * tasks.length) / most)])
}

function ownDocuments({ collection }: Task, query: string): number[] {
  return [collection.ownDocument[collection.queries.ids.indexOf(query)]].filter((document) => document >= 0)
}
