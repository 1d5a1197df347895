import { expect, it } from 'vitest'
import { stepPace } from '../../../src/main/pipeline/backends/step-pace'

/** Reports of `each` steps at once, of so many milliseconds a step, until it is over. */
function measured(millisecondsOf: (step: number) => number, each = 1) {
  let at = 1000
  const pace = stepPace(3, () => at)
  let made = 0
  while (!pace.over) {
    for (let k = 0; k < each; k++) at += millisecondsOf(++made)
    pace.reached(made)
    // Told again of the same steps, as by each of a turn.
    at += 0.5
    pace.reached(made)
    at -= 0.5
  }
  return { time: pace.millisecondsPerStep(), made }
}

it('leaves out the first steps, which warm up', () => {
  const { time, made } = measured((step) => (step <= 5 ? 400 : 10))
  expect(time).toBeCloseTo(10)
  expect(made).toBe(5 + 300)
})

it('several steps that come at once took the time of all of them', () => {
  expect(measured((step) => (step <= 10 ? 90 : 4), 10).time).toBeCloseTo(4)
})

it('slow steps are not waited for: one warms up, one is measured', () => {
  expect(measured((step) => (step === 1 ? 9000 : 5000))).toEqual({ time: 5000, made: 2 })
})

it('what has made nothing but steps that warm up tells by these', () => {
  let at = 0
  const pace = stepPace(3, () => at)
  at = 30
  pace.reached(3)
  expect(pace.over).toBe(false)
  expect(pace.millisecondsPerStep()).toBe(10)
})
