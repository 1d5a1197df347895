import { describe, expect, it } from 'vitest'
import { trainingCurves } from '../../../src/main/engine/reporting/training-curves'

const line = (event: object) => JSON.stringify(event)
const loss = (step: number, at: number, value: number, arm = 'task card', run = 'r') =>
  line({ type: 'loss', at, run, arm, step, steps: 900, loss: value })

function read(...lines: string[]) {
  const curves = trainingCurves('r')
  // In chunks that end anywhere, as a file is read.
  const bytes = Buffer.from(lines.join('\n'))
  for (let at = 0; at < bytes.length; at += 37) curves.push(bytes.subarray(at, at + 37))
  curves.end()
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

  it('have the numbers that JSON.parse reads, whatever their form', () => {
    const values = [
      0.1, 1e-7, -3.25, 123456.789012345, 2.220446049250313e-16, 7, 1.5e21, 0, 0.30000000000000004,
    ]
    const [steps, , read1] = columns(read(...values.map((value, i) => loss(i + 1, i, value))))
    expect(steps).toEqual(values.map((_, i) => i + 1))
    expect(read1).toEqual(values.map(Math.fround))
  })

  it('are told apart by their network though it has a number in its name', () => {
    const systems = read(loss(1, 0, 3, 'arm 1'), loss(1, 0, 4, 'arm 2'), loss(2, 1000, 5, 'arm 1'))
    expect([...systems].map(([name, { curves }]) => [name, curves.loss.length])).toEqual([
      ['arm 1', 2],
      ['arm 2', 1],
    ])
  })

  it('grow past their first room', () => {
    const many = Array.from({ length: 300 }, (_, i) => loss(i + 1, i * 1000, i))
    const [steps, seconds] = columns(read(...many))
    expect(steps).toHaveLength(300)
    expect([steps[299], seconds[299]]).toEqual([300, 299])
  })
})
