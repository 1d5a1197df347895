import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { drawExemplars } from '../../../src/main/engine/datasets/exemplars'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { type Judged, makeCollection } from './made-collection'

const queries = Array.from({ length: 30 }, (_, i) => `query ${i}`)
const documents = Array.from({ length: 40 }, (_, i) => `document ${i}`)
const train = queries.slice(0, 25).map(
  (_, q): Judged => [
    q,
    [
      [q, 1],
      [q + 1, 3],
      [q + 2, 2],
    ],
  ],
)
const test = queries.slice(25).map((_, q): Judged => [q + 25, [[q, 1]]])
const [task] = listTasks(makeCollection('one', [{ id: 'one', train, test }], { documents, queries }))

describe('drawExemplars', () => {
  it('takes the train queries with the smallest sha1(seed + id) and the highest grade of each', () => {
    const sha1 = (q: number) => createHash('sha1').update(`7q${q}`).digest('hex')
    const expected = train
      .map(([q]) => q)
      .sort((a, b) => (sha1(a) < sha1(b) ? -1 : 1))
      .slice(0, 16)
    const drawn = drawExemplars(task, 16, 7)
    expect([...drawn.queries]).toEqual(expected)
    expect([...drawn.documents]).toEqual(expected.map((q) => q + 1))
  })

  it('of fewer examples shows the first of more', () => {
    expect([...drawExemplars(task, 4, 7).queries]).toEqual(
      [...drawExemplars(task, 16, 7).queries].slice(0, 4),
    )
    expect(drawExemplars(task, 100, 7).queries).toHaveLength(25)
    expect(drawExemplars(task, 0, 7).queries).toHaveLength(0)
    expect(drawExemplars(task, 16, 8)).not.toEqual(drawExemplars(task, 16, 7))
  })

  it('never shows a document that is missing, not relevant, empty, or the query itself', () => {
    const judged: Judged[] = [
      [
        0,
        [
          [-1, 3],
          [5, 1],
        ],
      ],
      [
        1,
        [
          [7, 0],
          [8, -1],
        ],
      ],
      [
        2,
        [
          [9, 2],
          [10, 1],
        ],
      ],
      [3, [[-1, 1]]],
    ]
    judged.push([4, [[11, 1]]])
    const collection = makeCollection('x', [{ id: 'x', train: judged }], {
      documents: documents.map((text, row) => (row === 11 ? '' : text)),
      queries,
      own: queries.map((_, row) => (row === 2 ? 9 : -1)),
    })
    const drawn = drawExemplars(listTasks(collection)[0], 16, 1)
    const pairs = Array.from(drawn.queries, (query, i) => [query, drawn.documents[i]])
    expect(pairs.sort((a, b) => a[0] - b[0])).toEqual([
      [0, 5],
      [2, 10],
    ])
  })

  it('gives different queries to the cards of one dataset, and any of equal grades', () => {
    const equal = train.map(
      ([q]): Judged => [
        q,
        [
          [q, 1],
          [q + 1, 1],
          [q + 2, 1],
        ],
      ],
    )
    const cards = ['a', 'b'].map((id) => ({ id, train: equal }))
    const [a, b] = listTasks(makeCollection('two', cards, { documents, queries })).map((one) =>
      drawExemplars(one, 16, 1),
    )
    expect(a.queries).not.toEqual(b.queries)
    const places = Array.from(a.queries, (query, i) => a.documents[i] - query)
    expect(new Set(places)).toEqual(new Set([0, 1, 2]))
  })
})
