import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { inferencesOf, intervalsOf, samplingOf } from '../../../src/main/engine/statistics/inference'
import { pairedStatistics, stratifiedStatistics } from '../../../src/main/engine/statistics/paired-statistics'

const filled = (n: number, value: (i: number) => number) =>
  Float64Array.from({ length: n }, (_, i) => value(i))
const infer = (tasks: readonly Float64Array[], clusters?: readonly number[]) =>
  inferencesOf(
    [tasks],
    samplingOf(
      tasks.map(({ length }) => length),
      clusters,
    ),
    1,
  )[0]

describe('the unit', () => {
  it.each([
    [1, undefined, 'queries', 30],
    [2, undefined, 'queries within tasks', 60],
    [9, undefined, 'queries within tasks', 270],
    [10, undefined, 'tasks', 10],
    [20, (i: number) => Math.floor(i / 2), 'clusters of tasks', 10],
    [20, (i: number) => Math.floor(i / 3), 'queries within tasks', 600],
  ] as const)('of %i tasks', (tasks, clusterOf, unit, n) => {
    const counts = Array.from({ length: tasks }, () => 30)
    const clusters = clusterOf && counts.map((_, i) => clusterOf(i))
    expect(samplingOf(counts, clusters)).toMatchObject({ unit, n })
  })
})

it('shows four tasks better that are better on every one of their queries', () => {
  const { p, low, value } = infer(Array.from({ length: 4 }, () => filled(300, () => 0.2)))
  expect(value).toBeCloseTo(0.2, 12)
  expect(low).toBeCloseTo(0.2, 12)
  expect(p).toBeLessThan(1e-4)
})

it('counts each task once, however many queries it has', () => {
  const tasks = [filled(1000, () => 0.1), filled(10, () => -0.3)]
  const { value, low, high } = infer(tasks)
  expect(value).toBeCloseTo(-0.1, 12)
  expect(low).toBeCloseTo(-0.1, 12)
  expect(high).toBeCloseTo(-0.1, 12)
})

it('draws clusters whole: twins of every task leave interval and p as they are, where singles would halve the variance', () => {
  const random = randomStream(3, 'clusters')
  const tasks = Array.from({ length: 20 }, () => filled(5, () => 0.1 + random.normal()))
  const twins = [...tasks, ...tasks]
  const clusters = twins.map((_, i) => i % tasks.length)
  const [single, clustered, naive] = [infer(tasks), infer(twins, clusters), infer(twins)]
  expect(clustered.p).toBeCloseTo(single.p, 2)
  expect(clustered.high - clustered.low).toBeCloseTo(single.high - single.low, 1)
  expect((naive.high - naive.low) / (single.high - single.low)).toBeLessThan(0.8)
})

it('of one task says what the tests of its queries say', () => {
  const random = randomStream(4, 'one')
  const task = filled(40, () => 0.2 + random.normal())
  expect(infer([task])).toMatchObject({
    student: pairedStatistics(task).student,
    detectable: pairedStatistics(task).detectable,
    n: 40,
  })
})

it('says nothing of variance where a task has one query', () => {
  expect(stratifiedStatistics([filled(30, (i) => i % 2), filled(1, () => 1)])).toMatchObject({
    student: null,
    detectable: null,
  })
})

/** Differences that a system of this true lead shows: tasks differ, queries within them differ more, and not alike in all tasks. */
function simulate(
  random: ReturnType<typeof randomStream>,
  { tasks, queries, lead }: { tasks: number; queries: number; lead: number },
) {
  return Array.from({ length: tasks }, (_, t) => {
    const spread = 0.2 + 0.1 * (t % 3)
    return filled(queries, () => lead + spread * random.normal())
  })
}

describe('under the null hypothesis p is uniform', () => {
  const SIMULATIONS = 200
  it.each([
    ['queries of one task', 1, 40, undefined],
    ['queries within four tasks', 4, 20, undefined],
    ['twelve tasks', 12, 10, undefined],
    ['twenty-four tasks in twelve clusters', 24, 5, (i: number) => Math.floor(i / 2)],
  ] as const)('%s', (_, tasks, queries, clusterOf) => {
    const random = randomStream(11, 'null')
    const counts = Array.from({ length: tasks }, () => queries)
    const sampling = samplingOf(counts, clusterOf && counts.map((__, i) => clusterOf(i)))
    const columns = Array.from({ length: SIMULATIONS }, () => simulate(random, { tasks, queries, lead: 0 }))
    const ps = inferencesOf(columns, sampling, 1).map(({ p }) => p)
    // Binomial: four standard errors on either side of the level, for twenty looks.
    for (const level of [0.05, 0.1, 0.25, 0.5, 0.75]) {
      const share = ps.filter((p) => p <= level).length / SIMULATIONS
      expect(Math.abs(share - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / SIMULATIONS))
    }
    // The interval covers 0 about as often as it says; a percentile interval of a dozen units is narrow: .91.
    const intervals = intervalsOf(columns, sampling, { seed: 1, use: 'coverage' })
    const covered = intervals.filter(({ low, high }) => low <= 0 && high >= 0).length / SIMULATIONS
    expect(covered).toBeGreaterThan(0.85)
  })
})

it('has the power that it states: a lead of the detectable size is shown four times in five', () => {
  const random = randomStream(12, 'power')
  const shape = { tasks: 4, queries: 30 }
  const { detectable } = infer(simulate(random, { ...shape, lead: 0 }))
  const columns = Array.from({ length: 200 }, () => simulate(random, { ...shape, lead: detectable! }))
  const ps = inferencesOf(columns, samplingOf([30, 30, 30, 30]), 1).map(({ p }) => p)
  const power = ps.filter((p) => p < 0.05).length / ps.length
  expect(power).toBeGreaterThan(0.7)
  expect(power).toBeLessThan(0.9)
})
