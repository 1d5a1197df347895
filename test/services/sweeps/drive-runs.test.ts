import { describe, expect, it } from 'vitest'
import { driveRuns } from '../../../src/main/services/sweeps/drive-runs'
import { fits, usualWorkers } from '../../../src/main/services/sweeps/room'
import { waitUntil } from '../../wait-until'

/** Jobs that end when they are told to, or are paused. */
function drive(runs: string[], most: number, begin?: (run: string) => Promise<string>) {
  const ends = new Map<string, () => void>()
  const begun: string[] = []
  const paused: string[] = []
  const jobs = new Map<string, Promise<void>>()
  const start = async (run: string) => {
    begun.push(run)
    jobs.set(run, new Promise((resolve) => ends.set(run, resolve)))
    return run
  }
  const driven = driveRuns({
    runs,
    hasRoom: async (_, beside) => beside.length < most,
    begin: async (run) => (begin ? begin(run).then(start) : start(run)),
    jobEnded: (job) => jobs.get(job)!,
    pauseJob: async (job) => {
      paused.push(job)
      ends.get(job)!()
    },
  })
  return { driven, begun, paused, end: (run: string) => ends.get(run)!() }
}

describe('driveRuns', () => {
  it('begins runs in their order, each as soon as there is room', async () => {
    const { driven, begun, end } = drive(['a', 'b', 'c', 'd'], 2)
    await waitUntil(() => begun.length === 2)
    end('b')
    await waitUntil(() => begun.length === 3)
    expect(begun).toEqual(['a', 'b', 'c'])
    end('a')
    end('c')
    await waitUntil(() => begun.length === 4)
    expect(driven.over).toBe(false)
    end('d')
    await driven.ended
    expect(driven.over).toBe(true)
  })

  it('pauses what runs and begins nothing more', async () => {
    const { driven, begun, paused } = drive(['a', 'b', 'c'], 2)
    await waitUntil(() => begun.length === 2)
    await driven.pause()
    expect([begun, paused]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
    await driven.ended
  })

  it('ends with what keeps a run from beginning, once the others have been paused', async () => {
    const { driven, paused } = drive(['a', 'b', 'c'], 3, (run) =>
      run === 'b' ? Promise.reject(new Error('no room on the disk')) : Promise.resolve(run),
    )
    await expect(driven.ended).rejects.toThrow('no room on the disk')
    expect(paused).toEqual(['a'])
  })

  it('ends at once where nothing is left to do', async () => {
    await drive([], 1).driven.ended
  })
})

describe('the room for runs', () => {
  it('is a run for every two cores, and one on any machine', () => {
    expect([1, 2, 3, 4, 16].map((cores) => usualWorkers({ cores }))).toEqual([1, 1, 1, 2, 8])
  })

  it('is bounded by the memory; who has not been measured runs alone', () => {
    const machine = { memoryBytes: 10 }
    expect(fits([null], machine)).toBe(true)
    expect(fits([4, 4], machine)).toBe(true)
    expect(fits([4, 4.1], machine)).toBe(false)
    expect(fits([1, null], machine)).toBe(false)
  })
})
