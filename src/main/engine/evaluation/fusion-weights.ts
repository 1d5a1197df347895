import type { Normalisation } from '../../../shared/normalisation'
import type { EncodedTask } from '../preferences/encoded-collection'
import { meanOf } from '../statistics/inference'
import type { FusedSystem, System } from './system'
import { meanOverTasks, type ScoreOptions, type SystemScores, scoreSystems } from './system-scores'

/**
 * Shares of BM25 that are tried; the rest is the system's. 0: BM25 only harms here. On z-scores they are the weights 0, .05,
 * .1, .2, .3, .5, 1 and 2 beside a system's of weight 1, with which runs of 0.2 and before were scored.
 * @internal
 */
export const SHARES: Readonly<Record<Normalisation, readonly number[]>> = {
  'min-max': [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7],
  'z-score': [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2].map((weight) => weight / (1 + weight)),
}

/**
 * Each system fused with BM25, its share chosen per task on that task's dev queries by nDCG@10 (equal weights are a gift to
 * some collections and a loss to others: docs/method.md#fusion). A task without dev queries, and every unseen one, gets the
 * share that is best in the mean over the tasks that have them. Of equal ones the smallest.
 */
export async function fusedSystems(
  systems: readonly System[],
  normalisation: Normalisation,
  dev: Omit<ScoreOptions, 'systems'>,
): Promise<(FusedSystem & { readonly chosen: string })[]> {
  const [measure] = dev.measures
  const shares = SHARES[normalisation]
  const grid = systems.flatMap((base) =>
    shares.map((share) => ({
      name: `${base.name} + ${share} BM25`,
      base,
      normalisation,
      share: () => share,
    })),
  )
  const scored = await scoreSystems({ ...dev, systems: [...systems, ...grid] })
  return systems.map((base, a) => {
    const first = systems.length + a * shares.length
    const settings = scored.slice(first, first + shares.length)
    const best = (value: (scores: SystemScores) => number) => shares[bestOf(settings.map(value))]
    const common = best((scores) => meanOverTasks(scores, measure.name))
    const own = new Map<EncodedTask, number>()
    settings[0].tasks.forEach(({ task }, t) => {
      own.set(
        task,
        best(({ tasks }) => meanOf(tasks[t].values.get(measure.name)!)),
      )
    })
    return {
      name: base.name,
      base,
      normalisation,
      share: (task) => own.get(task) ?? common,
      chosen: `${normalisation}; ${inWords(own, common)}`,
    }
  })
}

function bestOf(values: readonly number[]): number {
  let place = 0
  for (let i = 1; i < values.length; i++) if (values[i] > values[place]) place = i
  return place
}

/** A long list says less than how it is spread. */
const MOST_LISTED = 12

function inWords(own: ReadonlyMap<EncodedTask, number>, common: number): string {
  const elsewhere = `share of BM25 ${words(common)} where a task has no dev queries of its own`
  if (own.size > MOST_LISTED) return `share of BM25 per task on dev; ${elsewhere}`
  const list = [...own].map(([{ task }, share]) => `${task.id} ${words(share)}`)
  return list.length > 0 ? `share of BM25 per task on dev: ${list.join(', ')}` : elsewhere
}

function words(share: number): string {
  return String(Number(share.toFixed(2)))
}
