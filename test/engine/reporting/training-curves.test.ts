import { describe, expect, it } from 'vitest'
import { trainingCurves } from '../../../src/main/engine/reporting/training-curves'

const line = (event: object) => JSON.stringify(event)
const loss = (step: number, at: number, value: number, arm = 'task card', run = 'r') =>
  line({ type: 'loss', at, run, arm, step, steps: 900, loss: value })

function read(...lines: string[]) {
  const curves = trainingCurves('r')
  for (const one of lines) curves.line(one)
  return curves.systems
}
const columns = (systems: ReturnType<typeof read>, of: 'loss' | 'dev' | 'cosine' = 'loss') => {
  const { length, step, seconds, value } = systems.get('task card')!.curves[of]
  return [step, seconds, value].map((column) => [...column.subarray(0, length)])
}

describe('curves of a training', () => {
  it('are of the run’s own systems, and pass over what is no event', () => {
    const systems = read(
      loss(1, 1000, 3),
      loss(1, 1000, 9, 'task card', 'another'),
      loss(1, 1000, 2, 'no card'),
      '{"type":"loss","at":2000,"run":"r","arm":"task card","st',
      line({
        type: 'dev',
        at: 3000,
        run: 'r',
        arm: 'task card',
        step: 2,
        measure: 'dev nDCG@10',
        value: 0.5,
      }),
      line({ type: 'health', at: 3000, run: 'r', arm: 'task card', step: 2, cards: 1, cosine: null }),
    )
    expect([...systems.keys()]).toEqual(['task card', 'no card'])
    expect(systems.get('task card')).toMatchObject({ steps: 900, measure: 'dev nDCG@10' })
    expect(columns(systems)).toEqual([[1], [0], [3]])
    expect(columns(systems, 'dev')).toEqual([[2], [2], [0.5]])
    expect(columns(systems, 'cosine')).toEqual([[], [], []])
  })

  it('go back with a training that makes steps again', () => {
    expect(columns(read(loss(1, 0, 5), loss(2, 0, 4), loss(3, 0, 3), loss(2, 0, 2), loss(4, 0, 1)))).toEqual([
      [1, 2, 4],
      [0, 0, 0],
      [5, 2, 1],
    ])
  })

  it('do not count the time that it lay paused', () => {
    const state = (at: number, name: string) => line({ type: 'state', at, state: name })
    const read1 = read(
      loss(1, 10_000, 5),
      loss(2, 12_000, 4),
      state(13_000, 'paused'),
      state(90_000, 'running'),
      loss(3, 95_000, 3),
      loss(4, 96_500, 2),
    )
    expect(columns(read1)[1]).toEqual([0, 2, 2, 3.5])
  })

  it('grow past their first room', () => {
    const many = Array.from({ length: 300 }, (_, i) => loss(i + 1, i * 1000, i))
    const [steps, seconds] = columns(read(...many))
    expect(steps).toHaveLength(300)
    expect([steps[299], seconds[299]]).toEqual([300, 299])
  })
})
