import { describe, expect, it } from 'vitest'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { pseudoQueries, withPseudoQueries } from '../../../src/main/engine/preferences/pseudo-queries'
import { judge, tinyTasks } from '../tiny-task'

const nothing = judge([])
const [{ task }] = tinyTasks({
  documents: 6,
  queries: 2,
  dimensions: 4,
  cards: [
    { id: 'bare', train: nothing, dev: nothing, test: judge([[0, 1, 1]]) },
    { id: 'asked', train: judge([[1, 2, 1]]), dev: nothing, test: nothing },
  ],
})
const titles = ['Vitamin D and fractures', '', 'Short', '', '', 'Vitamin D and fractures']
const bodies = [
  'Body one.',
  'Dr. Smith et al. studied bones. They found nothing of note.',
  'Too brief. A second sentence is long enough.',
  '',
  `${'word '.repeat(100_000)}`,
  'The same title again here.',
]
const collection = {
  ...task.collection,
  documents: {
    ids: titles.map((_, i) => `d${i}`),
    texts: titles.map((title, i) => `${title} ${bodies[i]}`.trim()),
    titles,
  },
}

describe('pseudoQueries', () => {
  it('asks titles, else first sentences, each text once, and nothing that is empty, short or endless', () => {
    const made = pseudoQueries(collection, { count: 100, seed: 1 })
    const texts = made.map(({ text }) => text)
    expect(new Set(texts).size).toBe(texts.length)
    expect(texts).toContain('Vitamin D and fractures')
    expect(made.map(({ document }) => document)).not.toContain(3)
    expect(made.map(({ document }) => document)).not.toContain(4)
    // No title of its own to ask, so its first sentence of three words or more.
    expect(made).toContainEqual({ document: 2, text: 'A second sentence is long enough.' })
    for (const { text, document } of made) expect(collection.documents.texts[document]).toContain(text)
  })

  it('is seeded, stops at the count, and leaves out what is a real query', () => {
    const draw = (seed: number) => pseudoQueries(collection, { count: 2, seed })
    expect(draw(4)).toEqual(draw(4))
    expect(draw(4)).toHaveLength(2)
    const asked = { ...collection, queries: { ids: ['q'], texts: ['Vitamin D and fractures'] } }
    const texts = pseudoQueries(asked, { count: 100, seed: 1 }).map(({ text }) => text)
    expect(texts).not.toContain('Vitamin D and fractures')
    expect(texts).toContain('The same title again here.')
  })
})

describe('withPseudoQueries', () => {
  it('makes them the train split of every card, unjudged, and changes no other split', () => {
    const made = pseudoQueries(collection, { count: 3, seed: 1 })
    const extended = withPseudoQueries(collection, made)
    for (const [i, { train, test }] of listTasks(extended).entries()) {
      expect([...train.queries]).toEqual([2, 3, 4])
      expect(train.documents).toHaveLength(0)
      expect(train.offsets).toHaveLength(4)
      expect(test).toBe(listTasks(collection)[i].test)
    }
    expect(extended.queries.texts.slice(2)).toEqual(made.map(({ text }) => text))
    expect(extended.queries.ids[2]).toBe(`pseudo:d${made[0].document}`)
    expect([...extended.ownDocument.slice(2)]).toEqual(made.map(({ document }) => document))
    expect(extended.sha256).not.toBe(collection.sha256)
  })
})
