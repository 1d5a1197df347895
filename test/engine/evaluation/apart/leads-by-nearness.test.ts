import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Task } from '../../../../src/main/engine/datasets/collection'
import { nearestTrained } from '../../../../src/main/engine/datasets/nearest-trained'
import { leadsByNearness } from '../../../../src/main/engine/evaluation/apart/leads-by-nearness'
import type { SystemScores } from '../../../../src/main/engine/evaluation/system-scores'
import { samplingOf } from '../../../../src/main/engine/statistics/inference'
import { NEARNESS, type Nearness } from '../../../../src/shared/nearness'
import { makeTasks } from '../../datasets/made-collection'

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
const card = (id: string, members: number[]) => ({ id, members })

describe('the nearest trained card', () => {
  const trained = makeTasks('made', [card('broad', range(0, 40)), card('narrow', range(100, 103))])
  const near = (members: number[]) => nearestTrained(makeTasks('made', [card('unseen', members)]), trained)[0]

  it.each<[string, number[], Nearness, boolean]>([
    ['lies in a broader one', range(0, 10), 'nested', true],
    ['holds a narrower one', range(100, 120), 'nested', false],
    ['has half of its documents in one', [...range(0, 5), ...range(50, 55)], 'overlapping', false],
    ['holds half of one and no more', [39, ...range(200, 230)], 'overlapping', false],
    ['shares no document', range(50, 60), 'apart', false],
  ])('of one that %s', (_, members, nearness, inside) => {
    expect(near(members)).toEqual({ nearness, inside })
  })

  it('is the same set where that is trained under another card, and none of another corpus', () => {
    const [one] = makeTasks('made', [card('same', range(0, 10))])
    expect(nearestTrained([one], [{ ...one, id: 'made/other relation' }])).toEqual([
      { nearness: 'nested', inside: true },
    ])
    const [elsewhere] = makeTasks('elsewhere', [card('same', range(0, 10))])
    expect(nearestTrained([one], [elsewhere])).toEqual([{ nearness: 'apart', inside: false }])
  })
})

describe('leads by nearness', () => {
  const scores = (row: string, values: readonly number[][]): SystemScores =>
    ({
      row,
      bm25: false,
      tasks: values.map((queries, t) => ({
        task: { task: { id: `t${t}` } as Task },
        queries: Int32Array.from(queries.keys()),
        values: new Map([['m', Float64Array.from(queries)]]),
      })),
    }) as unknown as SystemScores
  const lead = (values: readonly number[][], base: readonly number[][], nearness: readonly Nearness[]) =>
    leadsByNearness({
      card: scores('task card', values),
      control: scores('no card', base),
      measure: 'm',
      nearness,
      samplingOf: ({ tasks }) => samplingOf(tasks.map(({ queries }) => queries.length)),
      seed: 1,
    })

  it('are means over the tasks of each class, nearest first, with the unit of so many tasks', () => {
    const nearness = [...range(0, 12).map(() => 'apart' as const), 'nested' as const]
    const values = range(0, 12).map((t) => [0.5 + t / 100, 0.5])
    const leads = lead([...values, [0.9]], [...values.map(() => [0.4, 0.4]), [0.7]], nearness)
    expect(leads).toMatchObject([
      { nearest: 'nested', tasks: 1, queries: 1, unit: 'queries', n: 1 },
      { nearest: 'apart', tasks: 12, queries: 24, unit: 'tasks', n: 12 },
    ])
    expect(leads[0].lead.value).toBeCloseTo(0.2)
    expect(leads[1].lead.value).toBeCloseTo(0.1275)
    expect(leads[1].lead.low).toBeLessThan(leads[1].lead.value)
    expect(leads[1].lead.high).toBeGreaterThan(leads[1].lead.value)
    expect(leads[1].card - leads[1].control).toBeCloseTo(leads[1].lead.value)
  })

  it('make up the lead of the whole table', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true })
    const task = fc.tuple(value, value, fc.constantFrom(...NEARNESS))
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 12 }), (tasks) => {
        const leads = lead(
          tasks.map(([a]) => [a]),
          tasks.map(([, b]) => [b]),
          tasks.map(([, , nearest]) => nearest),
        )
        const whole = tasks.reduce((sum, [a, b]) => sum + a - b, 0)
        expect(leads.reduce((sum, one) => sum + one.tasks * one.lead.value, 0)).toBeCloseTo(whole, 9)
      }),
      { numRuns: 20 },
    )
  })
})
