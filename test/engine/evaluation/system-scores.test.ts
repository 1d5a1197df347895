import { afterAll, describe, expect, it } from 'vitest'
import { frozenSystem } from '../../../src/main/engine/evaluation/controls'
import { corpusIndexes } from '../../../src/main/engine/evaluation/corpus-indexes'
import { showCard } from '../../../src/main/engine/evaluation/shown-card'
import type { System } from '../../../src/main/engine/evaluation/system'
import { meanOverTasks, scoreSystems } from '../../../src/main/engine/evaluation/system-scores'
import { parseMeasure } from '../../../src/main/engine/measures'
import { createMatrix, inMemory, row } from '../../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { judge, type TinyCard, tinyTasks } from '../tiny-task'

const indexes = corpusIndexes()
afterAll(indexes.dispose)

/** Train and test share their relevant documents: what a card shows is exactly what its test asks for. */
function leakyCard(id: string, first: number): TinyCard {
  const documents = [first, first + 1, first + 2, first + 3]
  return {
    id,
    train: judge(documents.map((document, q) => [first + q, document, 1] as const)),
    dev: judge([[first + 4, first, 1]]),
    test: judge([
      [first + 5, first, 1],
      [first + 5, first + 4, 1],
      [first + 6, first + 1, 1],
      [first + 6, first + 5, 2],
      [first + 7, first + 2, 1],
    ]),
  }
}

/** Plants the documents that the card shows at the top of every ranking. */
const returnsItsExemplars: System = {
  name: 'returns its exemplars',
  transform(task, card, queries) {
    const out = createMatrix(queries.rows, queries.columns)
    for (let i = 0; i < queries.rows; i++) {
      const y = row(out, i)
      y.set(row(queries, i))
      for (const document of card.documents) {
        const vector = row(inMemory(task.encoded.documents), document)
        for (let c = 0; c < y.length; c++) y[c] += 100 * vector[c]
      }
    }
    return out
  },
}

async function score(tasks: EncodedTask[], systems: System[], examples: number) {
  const shown = new Map(tasks.map((task) => [task, showCard(task, examples, 1)]))
  return scoreSystems({
    systems,
    tasks,
    split: 'test',
    mostQueries: () => 30,
    measures: ['nDCG@10', 'MRR@10', 'Recall@100'].map(parseMeasure),
    depth: 100,
    card: (task) => shown.get(task)!,
    index: indexes.open,
  })
}

describe('scoreSystems', () => {
  const many = tinyTasks({
    documents: 400,
    queries: 40,
    dimensions: 64,
    cards: [leakyCard('a', 0), leakyCard('b', 10)],
  })

  it('hides what a card shows: a head that returns its exemplars gains nothing', async () => {
    const [frozen, planted] = await score(many, [frozenSystem, returnsItsExemplars], 4)
    // The planted head's shown documents are gone from its ranking and from the labels: it has only noise to show.
    expect(meanOverTasks(planted, 'MRR@10')).toBeLessThanOrEqual(meanOverTasks(frozen, 'MRR@10') + 0.1)
    const [bare, unhidden] = await score(
      tinyTasks({ documents: 400, queries: 40, dimensions: 64, cards: [leakyCard('a', 0)] }),
      [frozenSystem, returnsItsExemplars],
      4,
    )
    // On an ordinary collection nothing is hidden, and the same head does gain: the test can fail.
    expect(meanOverTasks(unhidden, 'MRR@10')).toBeGreaterThan(meanOverTasks(bare, 'MRR@10') + 0.2)
  })

  it('drops queries that are left without a relevant document, for every system alike', async () => {
    const [frozen, planted] = await score(many, [frozenSystem, returnsItsExemplars], 4)
    // query first + 7 is answered by a shown document only
    for (const system of [frozen, planted])
      expect(system.tasks.map(({ queries }) => queries.length)).toEqual([2, 2])
    const [all] = await score(many, [frozenSystem], 0)
    expect(all.tasks.map(({ queries }) => queries.length)).toEqual([3, 3])
  })

  it('never ranks a query’s own document', async () => {
    const asked: number[] = []
    const own = tinyTasks({
      documents: 50,
      queries: 20,
      dimensions: 16,
      cards: [leakyCard('a', 0)],
      ownDocument: (query) => query,
    })
    await scoreSystems({
      systems: [frozenSystem],
      tasks: own,
      split: 'test',
      mostQueries: () => 30,
      measures: [parseMeasure('nDCG@10')],
      depth: 50,
      card: (task) => showCard(task, 0, 1),
      index: indexes.open,
      onRankings(_arm, _task, queries, rankings) {
        queries.forEach((query, i) => {
          expect(rankings[i].documents).toHaveLength(49)
          expect([...rankings[i].documents]).not.toContain(query)
          asked.push(query)
        })
      },
    })
    expect(asked).toEqual([5, 6, 7])
  })

  it('keeps documents that the corpus lacks in the ideal ranking', async () => {
    const card: TinyCard = { ...leakyCard('a', 0), test: judge([[5, 0, 1]]) }
    const missing: TinyCard = {
      ...card,
      test: judge([
        [5, 0, 1],
        [5, -1, 3],
      ]),
    }
    const build = (one: TinyCard) => tinyTasks({ documents: 30, queries: 10, dimensions: 8, cards: [one] })
    const [complete] = await score(build(card), [frozenSystem], 0)
    const [lacking] = await score(build(missing), [frozenSystem], 0)
    expect(meanOverTasks(lacking, 'Recall@100')).toBe(0.5)
    expect(meanOverTasks(complete, 'Recall@100')).toBe(1)
    expect(meanOverTasks(lacking, 'nDCG@10')).toBeLessThan(meanOverTasks(complete, 'nDCG@10') || 1)
  })
})
