import { describe, expect, it } from 'vitest'
import { createListwiseLoss } from '../../../../src/main/engine/training/losses/softmax/listwise-loss'
import { unitRows } from '../../tiny-task'

const [QUERIES, DOCUMENTS, TEMPERATURE] = [96, 3000, 0.05]

/** Loss and gradient of queries that each look for the document of their own number, with so many threads. */
function evaluated(dimensions: number, threads: number, chosen: Int32Array | null) {
  const loss = createListwiseLoss(dimensions, TEMPERATURE, threads)
  const corpus = unitRows(DOCUMENTS, dimensions, 1)
  const queries = unitRows(QUERIES, dimensions, 2)
  const targets = Int32Array.from({ length: 2 * QUERIES }, (_, i) => Math.floor(i / 2))
  const masked = Int32Array.from([0, 5, 7, 9])
  const out = { gradient: new Float32Array(QUERIES * dimensions), rowLosses: new Float64Array(QUERIES) }
  const batch = { masked, targets, weights: new Float32Array(QUERIES).fill(1) }
  const value = loss.evaluate(queries, { corpus, chosen }, batch, QUERIES, out)
  loss.dispose()
  return { value, ...out }
}

describe('the listwise loss', () => {
  it.each([64, 128, 384])('is the same with several threads, to float32, in %i dimensions', (dimensions) => {
    const [one, four] = [evaluated(dimensions, 1, null), evaluated(dimensions, 4, null)]
    expect(Math.abs(four.value - one.value)).toBeLessThan(1e-6)
    one.gradient.forEach((value, i) => {
      expect(Math.abs(four.gradient[i] - value)).toBeLessThan(1e-6)
    })
  })

  it('is the same whether candidates are all rows or chosen ones that happen to be all', () => {
    const all = Int32Array.from({ length: DOCUMENTS }, (_, row) => row)
    expect(evaluated(64, 1, all)).toEqual(evaluated(64, 1, null))
  })
})
