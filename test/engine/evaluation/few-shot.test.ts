import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { frozenSystem } from '../../../src/main/engine/evaluation/controls'
import { corpusIndexes } from '../../../src/main/engine/evaluation/corpus-indexes'
import { chooseFewShot } from '../../../src/main/engine/evaluation/few-shot'
import { fitBiases } from '../../../src/main/engine/evaluation/few-shot-fit'
import { showCard } from '../../../src/main/engine/evaluation/shown-card'
import { meanOverTasks, scoreSystems } from '../../../src/main/engine/evaluation/system-scores'
import { parseMeasure } from '../../../src/main/engine/measures'
import { createMatrix, inMemory, normalizeInPlace, row } from '../../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { judge, tinyTasks } from '../tiny-task'

const indexes = corpusIndexes()
afterAll(indexes.dispose)

interface Golden {
  readonly documents: number[][]
  readonly queries: number[][]
  readonly own: Readonly<Record<string, number>>
  readonly cards: { queries: number[]; documents: number[] }[]
  readonly steps: number[]
  readonly fits: { penalty: number; biases: number[][][] }[]
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/few-shot.json', import.meta.url), 'utf8'),
)

const nothing = judge([])
const [task] = tinyTasks({
  documents: golden.documents.length,
  queries: golden.queries.length,
  dimensions: golden.documents[0].length,
  cards: [{ id: 'a', train: nothing, dev: nothing, test: nothing }],
  ownDocument: (query) => golden.own[query] ?? -1,
})
const matrix = (rows: number[][]) => createMatrix(rows.length, rows[0].length, Float32Array.from(rows.flat()))
const encoded = {
  ...task.encoded,
  documents: matrix(golden.documents),
  queries: matrix(golden.queries),
}

describe('fitBiases', () => {
  it.each(golden.fits)('follows the oracle step by step at penalty $penalty', async ({ penalty, biases }) => {
    const { cards, steps } = golden
    const fitted = await fitBiases({ encoded, cards, penalty, steps, seed: 1 })
    steps.forEach((_, s) => {
      cards.forEach((_, c) => {
        fitted[s][c].forEach((value, i) => {
          expect(value).toBeCloseTo(biases[c][s][i], 4)
        })
      })
    })
  })

  it('gives a card the same head whichever cards are fitted beside it', async () => {
    const { cards, steps } = golden
    const asked = { encoded, penalty: 0.03, steps, seed: 1 }
    const together = await fitBiases({ ...asked, cards })
    const alone = await fitBiases({ ...asked, cards: [cards[1]] })
    together[1][1].forEach((value, i) => {
      expect(value).toBeCloseTo(alone[1][0][i], 5)
    })
  })
})

describe('chooseFewShot', () => {
  /** Relevant documents lie in one direction, which the frozen queries know nothing of. */
  function lopsidedTask(): EncodedTask {
    const answers = (first: number, count: number) =>
      judge(Array.from({ length: count }, (_, i) => [first + i, first + i, 1] as const))
    const [one] = tinyTasks({
      documents: 120,
      queries: 40,
      dimensions: 24,
      cards: [{ id: 'a', train: answers(0, 16), dev: answers(16, 12), test: answers(28, 12) }],
    })
    for (let i = 0; i < 40; i++) {
      const document = row(inMemory(one.encoded.documents), i)
      const query = row(one.encoded.queries, i)
      for (let j = 0; j < 24; j++) query[j] += document[j]
      normalizeInPlace(query)
      document[0] += 1.5
      normalizeInPlace(document)
    }
    return one
  }

  it('learns from examples what they share, and leaves a card without examples alone', async () => {
    const one = lopsidedTask()
    const shown = new Map([[one, showCard(one, 16, 1)]])
    const dev = {
      tasks: [one],
      shown,
      split: 'dev' as const,
      mostQueries: () => 100,
      measures: [parseMeasure('nDCG@10')],
      depth: 10,
      card: () => shown.get(one)!,
      index: indexes.open,
    }
    const fewShot = await chooseFewShot(dev, 1)
    expect(fewShot.system.chosen).toMatch(/^penalty [\d.]+, \d+ steps$/)
    const scores = await scoreSystems({ ...dev, split: 'test', systems: [fewShot.system, frozenSystem] })
    const [few, frozen] = scores.map((system) => meanOverTasks(system, 'nDCG@10'))
    expect(few).toBeGreaterThan(frozen + 0.02)

    const [bare] = tinyTasks({
      documents: 20,
      queries: 3,
      dimensions: 24,
      cards: [{ id: 'bare', train: nothing, dev: nothing, test: judge([[0, 0, 1]]) }],
    })
    const without = showCard(bare, 0, 1)
    await fewShot.fit([bare], new Map([[bare, without]]))
    expect(fewShot.system.shift(bare, without)).toBeNull()
  })
})
