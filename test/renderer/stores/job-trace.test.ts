import { describe, expect, it } from 'vitest'
import { addEvent, emptyTrace, eventsBefore, hasEnded, isOfRun } from '../../../src/renderer/stores/job-trace'

describe('job trace', () => {
  it('keeps the curves of each run and network apart', () => {
    const trace = emptyTrace()
    addEvent(trace, {
      type: 'loss',
      at: 1,
      run: 'strict',
      arm: 'task card',
      step: 10,
      steps: 100,
      loss: 5,
    })
    addEvent(trace, { type: 'loss', at: 2, run: 'loose', arm: 'task card', step: 10, steps: 100, loss: 6 })
    addEvent(trace, {
      type: 'dev',
      at: 3,
      run: 'strict',
      arm: 'task card',
      step: 20,
      measure: 'MRR@10',
      value: 0.2,
    })
    const strict = trace.systems.get('strict task card')
    expect(strict).toMatchObject({ steps: 100, loss: [[10, 5]], dev: [[20, 0.2]], measure: 'MRR@10' })
    expect(trace.systems.get('loose task card')?.loss).toEqual([[10, 6]])
  })

  it('has each table of the ladder once, as it was scored last, and knows where a warning belongs', () => {
    const trace = emptyTrace()
    const table = { type: 'ladder', run: 'r', cards: 'unseen', tasks: 3, queries: 9 } as const
    addEvent(trace, { ...table, rows: [], at: 1, examples: 0 })
    addEvent(trace, { ...table, rows: [], at: 2, examples: 4 })
    addEvent(trace, { ...table, rows: [], at: 3, examples: 0 })
    expect([...trace.tables.values()].map(({ at, examples }) => [at, examples])).toEqual([
      [3, 0],
      [2, 4],
    ])
    const mark = { run: 'r', arm: 'task card', step: 40 }
    addEvent(trace, { type: 'log', at: 4, level: 'warning', message: 'alike', mark })
    expect(trace.log).toMatchObject([{ message: 'alike', mark }])
  })

  it('takes back what a resumed training makes again', () => {
    const trace = emptyTrace()
    const common = { at: 1, run: 'r', arm: 'task card' } as const
    for (const step of [10, 20, 30])
      addEvent(trace, { type: 'loss', ...common, step, steps: 100, loss: step })
    addEvent(trace, { type: 'dev', ...common, step: 30, measure: 'nDCG@10', value: 0.3 })
    addEvent(trace, { type: 'loss', ...common, step: 15, steps: 100, loss: 15 })
    addEvent(trace, { type: 'dev', ...common, step: 30, measure: 'nDCG@10', value: 0.4 })
    expect(trace.systems.get('r task card')).toMatchObject({
      loss: [
        [10, 10],
        [15, 15],
      ],
      dev: [[30, 0.4]],
    })
  })

  it('keeps gradient norms, and the health of networks that have several heads', () => {
    const trace = emptyTrace()
    const at = { at: 1, run: 'r' } as const
    addEvent(trace, { type: 'norm', ...at, arm: 'task card', step: 10, mean: 0.5, most: 2 })
    const health = { type: 'health', ...at, step: 10, cards: 4, shift: 0.1, overlap: 0.9 } as const
    addEvent(trace, { ...health, arm: 'task card', cosine: -0.2, effectiveRank: 3.5 })
    addEvent(trace, { ...health, arm: 'no card', cards: 1, cosine: null, effectiveRank: null })
    expect(trace.systems.get('r task card')).toMatchObject({
      norm: [[10, 0.5]],
      cosine: [[10, -0.2]],
      effectiveRank: [[10, 3.5]],
    })
    expect(trace.systems.get('r no card')).toMatchObject({ cosine: [], effectiveRank: [] })
  })

  it('keeps the last progress of each phase and the error that ended the job', () => {
    const trace = emptyTrace()
    const progress = { phase: 'encode', done: 1, total: 2, unit: 'texts', rate: 3, remaining: 4 }
    addEvent(trace, { type: 'progress', at: 1, progress })
    addEvent(trace, { type: 'progress', at: 2, progress: { ...progress, done: 2 } })
    const error = {
      code: 'TRAINING_DIVERGED',
      expected: 'a number',
      got: 'NaN',
      remedy: 'lower the learning rate',
    }
    addEvent(trace, { type: 'state', at: 3, state: 'failed', error })
    expect([...trace.phases.values()]).toEqual([{ ...progress, done: 2 }])
    expect(trace).toMatchObject({ state: 'failed', error })
    expect(hasEnded(trace.state)).toBe(true)
    expect(hasEnded('running')).toBe(false)
  })

  it('has no error any more once the run goes on', () => {
    const trace = emptyTrace()
    const error = { code: 'PAUSED', expected: 'an end', got: 'a pause', remedy: 'go on' }
    addEvent(trace, { type: 'state', at: 1, state: 'paused', error })
    expect(trace.error).toEqual(error)
    addEvent(trace, { type: 'state', at: 2, state: 'running' })
    expect(trace).toMatchObject({ state: 'running', error: null })
  })

  it('is made of what came before a job, and of what that job says of the run', () => {
    const loss = { type: 'loss', arm: 'task card', step: 1, steps: 2, loss: 3 } as const
    const events = [1, 2, 3].map((at) => ({ ...loss, run: 'strict', at }))
    expect(eventsBefore(events, 3).map(({ at }) => at)).toEqual([1, 2])
    expect(isOfRun(events[0], 'strict')).toBe(true)
    expect(isOfRun(events[0], 'loose')).toBe(false)
    expect(isOfRun({ type: 'state', at: 1, state: 'running' }, 'loose')).toBe(true)
  })
})
