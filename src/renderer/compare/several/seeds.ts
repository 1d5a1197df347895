import type { DifferingSetting } from '../../../shared/schemas/comparison'

const SEEDS = ['request.seed', 'request.splitSeed']
/** What follows from other settings, or is no choice of anybody's: it says nothing of why a run did better. */
const FOLLOWS = /^(weights|machine|datasets)\b|^(backend|app|request\.tasks)$/

/** Whether the runs are the same but for their seeds, so that a mean over them means something. */
export function differInSeedOnly(differs: readonly DifferingSetting[]): boolean {
  const rest = differs.filter(({ setting }) => !setting.startsWith('weights.'))
  return rest.length > 0 && rest.every(({ setting }) => SEEDS.includes(setting))
}

/** Settings that somebody chose differently: the axes of a sweep. */
export function sweptSettings(differs: readonly DifferingSetting[]): DifferingSetting[] {
  return differs.filter(({ setting }) => !FOLLOWS.test(setting))
}
