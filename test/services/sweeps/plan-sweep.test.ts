import { describe, expect, it } from 'vitest'
import { matchRuns } from '../../../src/main/services/sweeps/find-runs'
import { planSweep, requestKey } from '../../../src/main/services/sweeps/plan-sweep'
import type { RunState } from '../../../src/shared/schemas/run'
import { sweepRequestSchema } from '../../../src/shared/schemas/runs/sweep'
import { madeSummary } from '../../made-summary'

const point = (rank: number) => ({
  settings: { rank: String(rank) },
  request: { tasks: ['a'], overrides: { rank, basis: 16 } },
})
const plan = (ranks: readonly number[], seeds: number[], splitSeeds: number[] = []) =>
  planSweep(sweepRequestSchema.parse({ points: ranks.map(point), seeds, splitSeeds }))

describe('planSweep', () => {
  it('asks every point with every seed and split seed, all points under one pair first', () => {
    const { runs } = plan([4, 8], [1, 2], [7, 9])
    expect(runs.map((run) => [run.point, run.request.seed, run.request.splitSeed])).toEqual(
      [
        [1, 7],
        [1, 9],
        [2, 7],
        [2, 9],
      ].flatMap((pair) => [0, 1].map((at) => [at, ...pair])),
    )
    expect(new Set(runs.map(({ key }) => key)).size).toBe(8)
    expect(plan([4], [3]).runs[0].request).toMatchObject({ seed: 3, splitSeed: 3 })
  })

  it('is the same sweep in whatever order it is asked, and another one where anything differs', () => {
    const { id } = plan([4, 8], [1, 2])
    expect(plan([8, 4], [2, 1]).id).toBe(id)
    expect(plan([4, 8], [1, 2, 2]).id).toBe(id)
    expect(plan([4, 8], [1, 3]).id).not.toBe(id)
  })

  it('refuses points that are the same, and more than anybody reads', () => {
    expect(() => plan([4, 4], [1])).toThrow(expect.objectContaining({ code: 'USAGE' }))
    expect(() =>
      plan(
        [4, 8],
        Array.from({ length: 501 }, (_, i) => i),
      ),
    ).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})

describe('requestKey', () => {
  const [{ request }] = plan([4], [1]).runs
  it('knows a request again, however its fields are ordered, and where nothing differs from the preset', () => {
    const turned = Object.fromEntries(Object.entries(request).toReversed()) as typeof request
    expect(requestKey({ ...turned, overrides: { basis: 16, rank: 4 } })).toBe(requestKey(request))
    expect(requestKey({ ...request, overrides: {} })).toBe(requestKey({ ...request, overrides: undefined }))
    expect(requestKey({ ...request, trained: 5 })).not.toBe(requestKey(request))
  })
})

describe('matchRuns', () => {
  const made = madeSummary()
  const grounds = { datasets: made.datasets, encoder: made.encoder, app: made.app }
  const wanted = [{ key: requestKey(made.request), grounds }]
  const find = (...runs: Partial<typeof made>[]) =>
    [
      ...matchRuns(
        runs.map((change) => madeSummary(change)),
        wanted,
      ).values(),
    ].map(({ id }) => id)
  const states = (...all: RunState[]) => find(...all.map((state, i) => ({ id: String(i), state })))

  it('finds the newest run that is done, else the newest that can go on', () => {
    expect(states('done', 'done')).toEqual(['0'])
    expect(states('paused', 'done')).toEqual(['1'])
    expect(states('failed', 'interrupted')).toEqual(['0'])
    expect(states('cancelled', 'running')).toEqual([])
  })

  it('passes over runs of another request, data, encoder, version or kind', () => {
    const { request } = made
    expect(find({})).toEqual(['r'])
    expect(find({ kind: 'demo' })).toEqual(['r'])
    for (const change of [
      { request: { ...request, seed: 8 } },
      { request: { ...request, steps: 3 } },
      { datasets: [{ id: 'scifact', sha256: 'c'.repeat(64) }] },
      { datasets: [...made.datasets, { id: 'other', sha256: 'd'.repeat(64) }] },
      { encoder: { ...made.encoder, sha256: 'e'.repeat(64) } },
      { app: '9.9.9' },
      { kind: 'frozen' as const },
      { kind: 'demo' as const, state: 'paused' as const },
    ])
      expect(find(change), JSON.stringify(change)).toEqual([])
  })
})
