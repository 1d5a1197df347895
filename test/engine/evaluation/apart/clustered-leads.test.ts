import { describe, expect, it } from 'vitest'
import { clusteredLead, nestedClusters } from '../../../../src/main/engine/evaluation/apart/clustered-leads'
import type { SystemScores } from '../../../../src/main/engine/evaluation/system-scores'
import { inferencesOf, type Sampling, samplingOf } from '../../../../src/main/engine/statistics/inference'
import { clusteredWords } from '../../../../src/shared/tables/clustered-words'
import { makeTasks } from '../../datasets/made-collection'

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

/** Sixteen categories of ten; the broad one holds the first three, and shares four with the fifth: less than half of either. */
const tasks = makeTasks('made', [
  ...range(0, 16).map((i) => ({ id: `c${i}`, members: range(i * 10, i * 10 + 10) })),
  { id: 'broad', members: [...range(0, 30), ...range(50, 54)] },
])

describe('clusters of nested tasks', () => {
  it('join what has more than half of one of the two in common', () => {
    const clusters = nestedClusters(tasks)
    const broad = clusters.get('made/broad')
    expect(tasks.filter(({ id }) => clusters.get(id) === broad).map(({ card }) => card.id)).toEqual([
      'c0',
      'c1',
      'c2',
      'broad',
    ])
    expect(new Set(clusters.values()).size).toBe(14)
  })
})

describe('a lead over clusters of nested tasks', () => {
  const scores = (row: string, value: (task: number) => number) =>
    ({
      row,
      bm25: false,
      tasks: tasks.map((task, t) => ({
        task: { task },
        queries: Int32Array.of(0, 1),
        values: new Map([['m', Float64Array.of(value(t), value(t) + 0.1)]]),
      })),
    }) as unknown as SystemScores
  const card = scores('task card', (t) => 0.3 + 0.02 * (t % 5))
  const control = scores('frozen', (t) => 0.3 + 0.01 * (t % 3))
  const counts = tasks.map(() => 2)
  const lead = (sampling: Sampling, clusters = nestedClusters(tasks)) =>
    clusteredLead({ card, control: () => control, measures: ['m'], sampling, clusters, seed: 1 })

  it('is the lead of the table with whole clusters drawn', () => {
    const found = lead(samplingOf(counts))!
    expect(found).toMatchObject({ tasks: 17, n: 14 })
    const clusters = tasks.map(({ id }) => nestedClusters(tasks).get(id)!)
    const differences = tasks.map((_, t) =>
      Float64Array.of(0.02 * (t % 5) - 0.01 * (t % 3), 0.02 * (t % 5) - 0.01 * (t % 3)),
    )
    const [expected] = inferencesOf([differences], { unit: 'clusters of tasks', clusters, n: 14 }, 1)
    const { delta, low, high, p, corrected, family, control } = found.leads.m
    expect([delta, low, high, p]).toEqual(
      [expected.value, expected.low, expected.high, expected.p].map((value) => expect.closeTo(value, 12)),
    )
    expect({ corrected, family, control }).toEqual({
      corrected: p,
      family: 1,
      control: { row: 'frozen', bm25: false },
    })
    expect(clusteredWords(found, 'm')).toMatch(/14 clusters.*task card − frozen \+\.\d+ \[/)
  })

  it('is absent where no task is nested, and where the table speaks of its own tasks only', () => {
    expect(lead(samplingOf(counts), new Map(tasks.map(({ id }, t) => [id, t])))).toBeNull()
    expect(
      lead(
        samplingOf(
          counts,
          tasks.map((_, t) => t % 9),
        ),
      ),
    ).toBeNull()
  })

  it('has no interval over fewer than ten clusters', () => {
    const found = lead(samplingOf(counts), new Map(tasks.map(({ id }, t) => [id, t % 9])))!
    expect(found).toEqual({ tasks: 17, n: 9, leads: {} })
    expect(clusteredWords(found, 'm')).toMatch(/17 tasks lie in 9 clusters.*too few/)
  })
})
