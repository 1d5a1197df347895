import { afterAll, expect, it } from 'vitest'
import { corpusIndexes } from '../../../src/main/engine/evaluation/corpus-indexes'
import { type RankingOrder, rankSystems } from '../../../src/main/engine/evaluation/rank-systems'
import { showCard } from '../../../src/main/engine/evaluation/shown-card'
import type { System } from '../../../src/main/engine/evaluation/system'
import { createMatrix, inMemory } from '../../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import type { Ranking } from '../../../src/main/engine/retrieval/corpus-index'
import { judge, tinyTasks } from '../tiny-task'

const indexes = corpusIndexes()
afterAll(indexes.dispose)

const card = (id: string, first: number) => ({
  id,
  train: judge([[first, first, 1]]),
  dev: judge([[first + 1, first, 1]]),
  test: judge(Array.from({ length: 9 }, (_, i) => [first + i, first + i, 1] as const)),
})
const tasks = tinyTasks({
  documents: 60,
  queries: 30,
  dimensions: 12,
  cards: [card('a', 0), card('b', 10)],
  ownDocument: (query) => query + 20,
})
const shift = (task: EncodedTask) => inMemory(task.encoded.documents).data.slice(0, 12)
const systems: System[] = [
  { name: 'frozen', shift: () => null },
  { name: 'shift', shift },
  {
    name: 'the same, row by row',
    transform: (task, _card, queries) =>
      createMatrix(
        queries.rows,
        12,
        queries.data.map((value, i) => value + shift(task)[i % 12]),
      ),
  },
  { name: 'still, row by row', transform: (_task, _card, queries) => queries },
]

async function rank(blockValues?: number): Promise<Ranking[][][]> {
  const orders: RankingOrder[] = tasks.map((task) => ({
    task,
    card: showCard(task, 0, 1),
    queries: task.task.test.queries,
    hidden: [3],
  }))
  const out: Ranking[][][] = []
  for await (const { rankings } of rankSystems(orders, {
    systems,
    depth: 60,
    index: indexes.open,
    blockValues,
  }))
    out.push(rankings)
  return out
}

it('ranks by (q + s)·D whether the shift is added to scores or to queries', async () => {
  for (const [frozen, shifted, byRow, still] of await rank()) {
    expect(shifted.map(({ documents }) => [...documents])).toEqual(
      byRow.map(({ documents }) => [...documents]),
    )
    expect(frozen.map(({ documents }) => [...documents])).toEqual(
      still.map(({ documents }) => [...documents]),
    )
    expect(shifted[0].documents).not.toEqual(frozen[0].documents)
    expect(frozen[0].documents).toHaveLength(58)
    expect([...frozen[4].documents]).not.toContain(3)
  }
})

it('gives the same rankings however the work is cut into blocks', async () => {
  const whole = await rank()
  // From one query a product to all of both tasks.
  for (const values of [1, 60 * 8, 60 * 25, 60 * 40]) expect(await rank(values)).toEqual(whole)
  expect(whole.map((systems) => systems.map((queries) => queries.length))).toEqual([
    [9, 9, 9, 9],
    [9, 9, 9, 9],
  ])
})
