import type { DifferingSetting } from './schemas/comparison'

const SEEDS = ['request.seed', 'request.splitSeed']

/** Whether the runs are the same but for their seeds, so that a mean over them means something. */
export function differInSeedOnly(differs: readonly DifferingSetting[]): boolean {
  const rest = differs.filter(({ setting }) => !setting.startsWith('weights.'))
  return rest.length > 0 && rest.every(({ setting }) => SEEDS.includes(setting))
}
