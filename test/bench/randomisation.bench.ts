import { performance } from 'node:perf_hooks'
import { expect, it } from 'vitest'
import { randomStream } from '../../src/main/engine/numeric/random'
import { RANDOMISATION_DRAWS, randomisationTests } from '../../src/main/engine/statistics/resampling'

const UNITS = 300
const PAIRS = 10
const PLAIN_DRAWS = 10_000

/** The test as one would write it: a sign for each unit, typed arrays, one draw after the other. */
function plainLoop(columns: readonly Float64Array[], random: () => number, draws: number): number[] {
  const signs = new Float64Array(UNITS)
  const extreme = columns.map(() => 1)
  const seen = columns.map((column) => Math.abs(column.reduce((sum, value) => sum + value, 0)))
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < UNITS; i++) signs[i] = random() < 0.5 ? -1 : 1
    columns.forEach((column, c) => {
      let sum = 0
      for (let i = 0; i < UNITS; i++) sum += signs[i] * column[i]
      if (Math.abs(sum) >= seen[c] - 1e-12 * UNITS) extreme[c]++
    })
  }
  return extreme.map((count) => count / (draws + 1))
}

it(`100,000 randomisation draws of ${UNITS} queries × ${PAIRS} pairs`, () => {
  const random = randomStream(1, 'bench')
  const columns = Array.from({ length: PAIRS }, () =>
    Float64Array.from({ length: UNITS }, () => random.normal()),
  )
  const seconds = (work: () => unknown) => {
    const started = performance.now()
    work()
    return (performance.now() - started) / 1000
  }
  randomisationTests(columns, random, 2000)
  plainLoop(columns, random.next, 500)
  const ours = seconds(() => randomisationTests(columns, random))
  const plain =
    (seconds(() => plainLoop(columns, random.next, PLAIN_DRAWS)) * RANDOMISATION_DRAWS) / PLAIN_DRAWS
  console.log(
    `randomisation test: ${ours.toFixed(2)} s; a plain typed-array loop ${plain.toFixed(2)} s (from ${PLAIN_DRAWS} draws), ${(plain / ours).toFixed(1)} times as long`,
  )
  expect(plain / ours).toBeGreaterThan(2)
})
