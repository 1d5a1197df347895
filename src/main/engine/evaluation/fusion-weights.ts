import type { EncodedTask } from '../preferences/encoded-collection'
import { meanOf } from '../statistics/inference'
import type { FusedSystem, System } from './system'
import { meanOverTasks, type ScoreOptions, type SystemScores, scoreSystems } from './system-scores'

/** Weight of BM25's z-scores beside a system's of weight 1. 0: BM25 only harms here. */
const FUSION_WEIGHTS = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2] as const

/**
 * Each system fused with BM25, its weight chosen per task on that task's dev queries by nDCG@10 (equal weights are a gift to
 * some collections and a loss to others: docs/method.md#teachers). A task without dev queries, and every unseen one, gets the
 * weight that is best in the mean over the tasks that have them. Of equal weights the smallest.
 */
export async function fusedSystems(
  systems: readonly System[],
  dev: Omit<ScoreOptions, 'systems'>,
): Promise<(FusedSystem & { readonly chosen: string })[]> {
  const [measure] = dev.measures
  const grid = systems.flatMap((base) =>
    FUSION_WEIGHTS.map((weight) => ({ name: `${base.name} + ${weight} BM25`, base, weight: () => weight })),
  )
  const scored = await scoreSystems({ ...dev, systems: [...systems, ...grid] })
  return systems.map((base, a) => {
    const first = systems.length + a * FUSION_WEIGHTS.length
    const settings = scored.slice(first, first + FUSION_WEIGHTS.length)
    const common = best(settings, (scores) => meanOverTasks(scores, measure.name))
    const own = new Map<EncodedTask, number>()
    settings[0].tasks.forEach(({ task }, t) => {
      own.set(
        task,
        best(settings, ({ tasks }) => meanOf(tasks[t].values.get(measure.name)!)),
      )
    })
    return {
      name: base.name,
      base,
      weight: (task) => own.get(task) ?? common,
      chosen: inWords(own, common),
    }
  })
}

function best(settings: readonly SystemScores[], value: (scores: SystemScores) => number): number {
  let place = 0
  for (let i = 1; i < settings.length; i++) if (value(settings[i]) > value(settings[place])) place = i
  return FUSION_WEIGHTS[place]
}

/** A long list says less than how it is spread. */
const MOST_LISTED = 12

function inWords(own: ReadonlyMap<EncodedTask, number>, common: number): string {
  const elsewhere = `weight ${common} where a task has no dev queries of its own`
  if (own.size > MOST_LISTED) return `weight per task on dev; ${elsewhere}`
  const list = [...own].map(([{ task }, weight]) => `${task.id} ${weight}`)
  return list.length > 0 ? `weight per task on dev: ${list.join(', ')}` : elsewhere
}
