import { drawExamplesSchema, drawnExamplesSchema } from '../../../shared/schemas/authoring'
import { exampleTexts, exemplarPairs } from '../../engine/datasets/exemplars'
import { farthestFirst } from '../../engine/numeric/farthest-first'
import { wording } from '../../engine/protocol/wording'
import { defineOperation } from '../operation'
import { requireTask } from '../playground/card-choice'

/** Of how many drawn pairs the diverse ones are chosen: encoding them takes a second or two at first. */
const POOL = 512

/** Examples of a task's train split to show on a card. Nothing else is ever looked at. */
export const drawExamples = defineOperation({
  name: 'draw-examples',
  input: drawExamplesSchema,
  output: drawnExamplesSchema,
  session: true,
  async run({ task: id, by, seed, text, shown, most, encoder: encoderId }, context) {
    const { warm, signal } = context
    const collection = await warm.collection(id.split('/', 1)[0], seed, context)
    const task = requireTask(collection, id)
    const { queries, documents } = collection
    const known = new Set(shown.map(wording))
    const all = [...exemplarPairs(task, seed)]
    let pairs = all.filter(({ query }) => !known.has(wording(queries.texts[query])))
    if (by === 'search') {
      const words = wording(text).split(' ').filter(Boolean)
      pairs = pairs.filter(({ query, document }) => {
        const said = wording(`${queries.texts[query]} ${documents.texts.at(document)}`)
        return words.every((word) => said.includes(word))
      })
    }
    if (by === 'diverse') {
      const pool = pairs.slice(0, POOL)
      const encoder = await warm.encoder(encoderId, context)
      const texts = [...shown, ...pool.map(({ query }) => queries.texts[query])]
      const vectors = await encoder.encode(texts, { signal })
      pairs = farthestFirst(vectors, most, shown.length).map((place) => pool[place - shown.length])
    }
    const drawn = pairs.slice(0, most)
    return {
      examples: exampleTexts(collection, {
        queries: Int32Array.from(drawn, ({ query }) => query),
        documents: Int32Array.from(drawn, ({ document }) => document),
      }),
      train: all.length,
      dev: task.dev.queries.length,
      test: task.test.queries.length,
    }
  },
})

declare module '../operation' {
  interface Operations {
    'draw-examples': typeof drawExamples
  }
}
