import { describe, expect, it } from 'vitest'
import {
  readTour,
  settleTour,
  stepOn,
  TOUR_STEPS,
  type TourState,
} from '../../../src/renderer/app/tour/tour-steps'

describe('the tour', () => {
  it('waits in an empty workspace for the first verdict, is offered, and led to its end', () => {
    let state: TourState = settleTour(null, { hasRuns: false, run: null })
    expect(state).toBe('waiting')
    state = settleTour(state, { hasRuns: true, run: null })
    expect(state).toBe('waiting')
    state = settleTour(state, { hasRuns: true, run: 'r' })
    expect(state).toBe('offered')
    for (const step of TOUR_STEPS.keys()) {
      state = stepOn(state, 1)
      expect(state).toBe(step)
      expect(settleTour(state, { hasRuns: true, run: 'r' })).toBe(step)
    }
    expect(stepOn(state, 1)).toBe('over')
    expect(stepOn(1, -1)).toBe(0)
  })

  it('is not offered where there were runs before, nor again where it is over', () => {
    expect(settleTour(null, { hasRuns: true, run: 'r' })).toBe('none')
    expect(settleTour('none', { hasRuns: true, run: 's' })).toBe('none')
    expect(settleTour('over', { hasRuns: true, run: 's' })).toBe('over')
    expect(settleTour('over', { hasRuns: false, run: null })).toBe('over')
  })

  it('reads what it kept, and nothing else', () => {
    for (const state of ['waiting', 'over', 0, TOUR_STEPS.length - 1]) expect(readTour(state)).toBe(state)
    for (const other of ['offered', TOUR_STEPS.length, -1, 0.5, null, {}]) expect(readTour(other)).toBeNull()
  })
})
