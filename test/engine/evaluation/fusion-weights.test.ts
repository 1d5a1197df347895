import { afterAll, describe, expect, it } from 'vitest'
import { frozenSystem } from '../../../src/main/engine/evaluation/controls'
import { corpusIndexes } from '../../../src/main/engine/evaluation/corpus-indexes'
import { fusedSystems } from '../../../src/main/engine/evaluation/fusion-weights'
import { rankSystems } from '../../../src/main/engine/evaluation/rank-systems'
import { showCard } from '../../../src/main/engine/evaluation/shown-card'
import { scoreSystems } from '../../../src/main/engine/evaluation/system-scores'
import { parseMeasure } from '../../../src/main/engine/measures'
import { inMemory, row } from '../../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { NORMALISATIONS } from '../../../src/shared/normalisation'
import { judge, tinyTasks } from '../tiny-task'

const indexes = corpusIndexes()
afterAll(indexes.dispose)

const answers = (first: number) => Array.from({ length: 8 }, (_, i) => [first + i, first + i, 1] as const)
const tasks = tinyTasks({
  documents: 80,
  queries: 40,
  dimensions: 16,
  cards: [
    { id: 'helped', train: judge([[30, 30, 1]]), dev: judge(answers(0)), test: judge(answers(8)) },
    { id: 'harmed', train: judge([[31, 31, 1]]), dev: judge(answers(16)), test: judge(answers(24)) },
  ],
})
/** Says everything about the first task's queries, and the opposite about the second's. */
function lexical(task: EncodedTask, query: number): Float32Array {
  const scores = new Float32Array(80)
  if (task.task.card.id === 'helped') scores[query] = 5
  else scores.fill(3).fill(0, query, query + 1)
  return scores
}
const dev = {
  tasks,
  split: 'dev' as const,
  mostQueries: () => 100,
  measures: [parseMeasure('nDCG@10')],
  depth: 10,
  card: (task: EncodedTask) => showCard(task, 0, 1),
  index: indexes.open,
  lexical,
}

describe('fusedSystems', () => {
  it.each(NORMALISATIONS)(
    'chooses a share by %s for each task on dev, zero where BM25 harms',
    async (normalisation) => {
      const [fused] = await fusedSystems([frozenSystem], normalisation, dev)
      expect(fused.share(tasks[0], dev.card(tasks[0]))).toBeGreaterThan(0)
      expect(fused.share(tasks[1], dev.card(tasks[1]))).toBe(0)
      const [frozen, both] = await scoreSystems({ ...dev, split: 'test', systems: [frozenSystem, fused] })
      expect(fused.chosen).toMatch(new RegExp(`^${normalisation}; .*helped [\\d.]+, .*harmed 0$`))
      expect([frozen.bm25, both.bm25]).toEqual([false, true])
      const mean = (values: Float64Array) => values.reduce((a, b) => a + b) / values.length
      expect(mean(both.tasks[0].values.get('nDCG@10')!)).toBe(1)
      // share zero is the system itself
      expect(both.tasks[1].values).toEqual(frozen.tasks[1].values)
    },
  )

  it('adds z-scores over the whole corpus', async () => {
    const queries = Int32Array.of(3)
    const fused = {
      name: 'frozen',
      base: frozenSystem,
      normalisation: 'z-score' as const,
      share: () => 1 / 3,
    }
    const orders = [{ task: tasks[0], card: showCard(tasks[0], 0, 1), queries, hidden: [] }]
    const { value } = await rankSystems(orders, {
      systems: [frozenSystem, fused],
      depth: 80,
      index: indexes.open,
      lexical,
    }).next()
    const { encoded } = tasks[0]
    const x = row(encoded.queries, 3)
    const dense = Array.from({ length: 80 }, (_, d) =>
      row(inMemory(encoded.documents), d).reduce((sum, v, i) => sum + v * x[i], 0),
    )
    const z = (values: number[]) => {
      const mean = values.reduce((a, b) => a + b) / values.length
      const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length)
      return values.map((v) => (v - mean) / sd)
    }
    const words = z([...lexical(tasks[0], 3)])
    const expected = z(dense).map((v, i) => (2 / 3) * v + (1 / 3) * words[i])
    const { documents, scores } = value!.rankings[1][0]
    documents.forEach((document, place) => {
      expect(scores[place]).toBeCloseTo(expected[document], 4)
    })
    expect(documents).toHaveLength(80)
  })

  it('scales min-max without the documents that may not be found', async () => {
    const fused = (share: number) => ({
      name: 'frozen',
      base: frozenSystem,
      normalisation: 'min-max' as const,
      share: () => share,
    })
    const { encoded } = tasks[0]
    const x = row(encoded.queries, 3)
    const dense = Array.from({ length: 80 }, (_, d) =>
      row(inMemory(encoded.documents), d).reduce((sum, v, i) => sum + v * x[i], 0),
    )
    const best = dense.indexOf(Math.max(...dense))
    const orders = [
      { task: tasks[0], card: showCard(tasks[0], 0, 1), queries: Int32Array.of(3), hidden: [best] },
    ]
    const { value } = await rankSystems(orders, {
      systems: [frozenSystem, fused(0), fused(0.4)],
      depth: 80,
      index: indexes.open,
      lexical,
    }).next()
    const [[frozen], [none], [some]] = value!.rankings
    expect(frozen.documents).toHaveLength(79)
    expect(none.documents).toEqual(frozen.documents)
    // The hidden document is no end of the scale: the best that is left stands at 1.
    expect(none.scores[0]).toBe(1)
    expect([...some.documents].sort()).toEqual([...frozen.documents].sort())
    const words = lexical(tasks[0], 3)
    const [low, high] = [Math.min(...frozen.scores), frozen.scores[0]]
    const union = [...frozen.documents].filter(
      (d) => frozen.scores[frozen.documents.indexOf(d)] > low || words[d] > 0,
    )
    const lowest = Math.min(...union.map((d) => dense[d]))
    union.forEach((document) => {
      const expected = (0.6 * (dense[document] - lowest)) / (high - lowest) + (0.4 * words[document]) / 5
      expect(some.scores[some.documents.indexOf(document)]).toBeCloseTo(expected, 5)
    })
  })
})
