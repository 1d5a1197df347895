import { createHash } from 'node:crypto'
import { HydraError } from '../../../shared/errors'
import { type RecordedRequest, trainRequestSchema } from '../../../shared/schemas/run'
import type { ReadSweepRequest } from '../../../shared/schemas/runs/sweep'
import { canonical } from '../../files/canonical'

/** More than anybody reads: a slip in a range. */
const MOST_RUNS = 1000

export interface PlannedRun {
  /** Place of its point. */
  readonly point: number
  readonly request: RecordedRequest
  /** sha256 of the request: equal for equal requests, however they were written. */
  readonly key: string
}

export interface PlannedSweep {
  /** sha256 of the keys, in no order. */
  readonly id: string
  /** Every point under one pair of seeds before the next pair, so that what was done before a pause can be compared. */
  readonly runs: readonly PlannedRun[]
}

/** Throws USAGE where two points ask for the same, or for too much. */
export function planSweep({ points, seeds, splitSeeds }: ReadSweepRequest): PlannedSweep {
  const pairs = [...new Set(seeds)].flatMap((seed) =>
    (splitSeeds.length > 0 ? [...new Set(splitSeeds)] : [seed]).map((splitSeed) => ({ seed, splitSeed })),
  )
  const asked = pairs.length * points.length
  if (asked > MOST_RUNS) throw tooMany(asked)
  const runs = pairs.flatMap((pair) =>
    points.map(({ request: one }, point) => {
      const request = { ...trainRequestSchema.parse({ ...one, ...pair }), splitSeed: pair.splitSeed }
      return { point, request, key: requestKey(request) }
    }),
  )
  const byKey = new Map<string, number>()
  for (const { key, point } of runs) {
    const other = byKey.get(key)
    if (other !== undefined) throw sameTwice(points[other].settings, points[point].settings)
    byKey.set(key, point)
  }
  const id = createHash('sha256')
    .update(JSON.stringify(runs.map(({ key }) => key).sort()))
    .digest('hex')
  return { id, runs }
}

export function requestKey({ overrides, ...request }: RecordedRequest): string {
  // A form says that nothing differs where a command says nothing.
  const differs = Object.keys(overrides ?? {}).length > 0 ? { overrides } : {}
  return createHash('sha256')
    .update(JSON.stringify(canonical({ ...request, ...differs })))
    .digest('hex')
}

function tooMany(asked: number): HydraError {
  return new HydraError('USAGE', {
    expected: `at most ${MOST_RUNS.toLocaleString('en')} runs`,
    got: asked.toLocaleString('en'),
    remedy: 'Vary less, or in several sweeps: runs that are there are not made again.',
  })
}

function sameTwice(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): HydraError {
  return new HydraError('USAGE', {
    expected: 'points that ask for different runs',
    got: `the same request for ${settingsText(a) || 'nothing'} and ${settingsText(b) || 'nothing'}`,
    remedy: 'Leave one of them out.',
  })
}

/** `rank=8, trained=20` */
export function settingsText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')
}
