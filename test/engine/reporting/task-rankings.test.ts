import { describe, expect, it } from 'vitest'
import type { Task } from '../../../src/main/engine/datasets/collection'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { trecRunLines } from '../../../src/main/engine/exporting/trec-run'
import { readTrecRun } from '../../../src/main/engine/reporting/read-trec'
import { qrelsOfTask, rankingsOfTask } from '../../../src/main/engine/reporting/task-rankings'
import { makeCollection } from '../datasets/made-collection'

/** One task whose queries and documents are called so; query i is answered by document i, on dev by the one after. */
function taskOf(queries: string[], documents: string[], own?: number[]): Task {
  const answers = (shift: number) =>
    queries.map((_, i) => [i, [[(i + shift) % documents.length, 1]]] as [number, [number, number][]])
  const card = { id: 'only', test: answers(0), dev: answers(1) }
  const made = makeCollection('set', [card], { documents, queries, own })
  const named = {
    ...made,
    queries: { ids: queries, texts: queries },
    documents: { ids: documents, texts: documents },
  }
  return listTasks(named)[0]
}

async function read(lines: string) {
  async function* bytes() {
    yield Buffer.from(lines)
  }
  return readTrecRun(bytes(), 'x.run')
}
const line = (query: string, document: string) =>
  trecRunLines({ query, documents: [document], scores: [1] }, 't')
const found = async (lines: string, task: Task) =>
  Object.fromEntries(rankingsOfTask(await read(lines), task, [...task.collection.queries.ids]).rankings)

describe('the queries of a task in a run file', () => {
  const ids = ['two words', '100% sure', 'a|b', '50%20off', 'plain']

  it.each(['', 'set|'])('are found by ids that no field can hold, written after %j', async (prefix) => {
    const task = taskOf(ids, ids)
    const lines = ids.map((id) => line(`${prefix}${id}`, id)).join('')
    expect(await found(lines, task)).toEqual(Object.fromEntries(ids.map((id) => [id, [id]])))
  })

  it.each(['', 'set|'])(
    'are not mistaken where one is called like the task and another, after %j',
    async (prefix) => {
      const queries = ['x', 'set|x', 'y']
      const lines = queries.map((id, i) => line(`${prefix}${id}`, `d${i}`)).join('')
      expect(await found(lines, taskOf(queries, ['d0', 'd1', 'd2']))).toEqual({
        x: ['d0'],
        'set|x': ['d1'],
        y: ['d2'],
      })
    },
  )

  it('lose their own document by its escaped name too', async () => {
    const task = taskOf(['q 1', 'q2'], ['own one', 'other'], [0, -1])
    const lines = trecRunLines({ query: 'q 1', documents: ['own one', 'other'], scores: [2, 1] }, 't')
    expect(await found(lines, task)).toEqual({ 'q 1': ['other'] })
  })
})

it('judgments are those of the split that is scored', () => {
  const task = taskOf(['q1', 'q2'], ['a', 'b', 'c'])
  expect([...qrelsOfTask(task).get('q1')!]).toEqual([['a', 1]])
  expect([...qrelsOfTask(task, 'dev').get('q1')!]).toEqual([['b', 1]])
})
