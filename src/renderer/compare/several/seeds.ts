import type { DifferingSetting } from '../../../shared/schemas/comparison'

/** What follows from other settings, or is no choice of anybody's: it says nothing of why a run did better. */
const FOLLOWS = /^(weights|machine|datasets)\b|^(backend|app|request\.tasks)$/

/** Settings that somebody chose differently: the axes of a sweep. */
export function sweptSettings(differs: readonly DifferingSetting[]): DifferingSetting[] {
  return differs.filter(({ setting }) => !FOLLOWS.test(setting))
}
