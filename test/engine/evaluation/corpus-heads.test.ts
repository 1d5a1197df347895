import { afterAll, expect, it } from 'vitest'
import { movedCorpora, scoreOnce, transformCorpus } from '../../../src/main/engine/evaluation/corpus-heads'
import { corpusIndexes } from '../../../src/main/engine/evaluation/corpus-indexes'
import { rankSystems } from '../../../src/main/engine/evaluation/rank-systems'
import { showCard } from '../../../src/main/engine/evaluation/shown-card'
import type { System } from '../../../src/main/engine/evaluation/system'
import { type AffineHead, applyHead } from '../../../src/main/engine/hypernet/head'
import { createMatrix, inMemory, row } from '../../../src/main/engine/numeric/matrix'
import { judge, tinyTasks, unitRows } from '../tiny-task'

const indexes = corpusIndexes()
afterAll(indexes.dispose)

const head: AffineHead = {
  weight: createMatrix(5, 12, unitRows(5, 12, 9).data),
  bias: Float32Array.from([0.1, -0.2, 0.3, 0, 0.5]),
  norm: { scale: Float32Array.from([1, 2, 1, 0.5, 1]), shift: Float32Array.from([0, 0.1, 0, 0, -0.1]) },
}

it('moves a corpus as the head moves each document', async () => {
  const documents = unitRows(40, 12, 3)
  const moved = await transformCorpus(head, documents)
  applyHead(head, documents).data.forEach((value, i) => {
    expect(moved.data[i]).toBeCloseTo(value, 5)
  })
})

it('ranks a system that moves documents too against its own corpus, and the others against theirs', async () => {
  const card = { id: 'a', train: judge([[0, 0, 1]]), dev: judge([[1, 1, 1]]), test: judge([[2, 2, 1]]) }
  const [task] = tinyTasks({ documents: 40, queries: 9, dimensions: 12, cards: [card] })
  const frozen: System = { name: 'frozen', shift: () => null }
  const both: System = {
    name: 'both sides',
    transform: (_task, _card, queries) => applyHead(head, queries),
    documentHead: () => head,
  }
  const queries = Int32Array.of(2, 5)
  const orders = [{ task, card: showCard(task, 0, 1), queries, hidden: [] }]
  const { value } = await rankSystems(orders, {
    systems: [both, frozen],
    depth: 40,
    index: indexes.open,
  }).next()
  const moved = applyHead(head, inMemory(task.encoded.documents))
  const asked = createMatrix(
    2,
    12,
    Float32Array.from([...row(task.encoded.queries, 2), ...row(task.encoded.queries, 5)]),
  )
  const expected = await scoreOnce(applyHead(head, asked), moved)
  value!.rankings[0].forEach(({ documents, scores }, i) => {
    documents.forEach((document, place) => {
      expect(scores[place]).toBeCloseTo(row(expected, i)[document], 5)
    })
  })
  expect(value!.rankings[1][0].documents).not.toEqual(value!.rankings[0][0].documents)
})

it('moves the corpus of a task once for each system while there is room, and anew for the next task', async () => {
  const cards = ['a', 'b'].map((id) => ({
    id,
    train: judge([[0, 0, 1]]),
    dev: judge([[1, 1, 1]]),
    test: judge([[2, 2, 1]]),
  }))
  const [first, second] = tinyTasks({ documents: 40, queries: 9, dimensions: 12, cards })
  const queries = applyHead(head, first.encoded.queries)
  const other: AffineHead = { ...head, bias: new Float32Array(5) }
  for (const room of [1000, 40 * 5, 0]) {
    const corpora = movedCorpora(room)
    const system = {}
    const own = await corpora.score(system, first, head, queries)
    // Another head for the same system and task: what was cached answers, where anything was.
    const again = await corpora.score(system, first, other, queries)
    expect(again.data.every((value, i) => value === own.data[i])).toBe(room > 0)
    const anew = await corpora.score(system, second, other, queries)
    expect(anew.data.every((value, i) => value === own.data[i])).toBe(false)
    const beside = await corpora.score({}, second, head, queries)
    expect(beside.data).toEqual(own.data)
    await corpora.dispose()
  }
})
