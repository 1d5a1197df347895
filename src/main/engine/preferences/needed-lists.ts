import { HydraError } from '../../../shared/errors'
import type { Choice, Recipe } from '../../../shared/schemas/run'
import { findSpec, parseOptions } from '../registry/registry'
import { samplers } from './samplers'

/** Orderings of each task's train queries without which a recipe cannot be trained. */
export interface NeededLists {
  readonly teacher: Choice
  /** Documents of each list. */
  readonly depth: number
  /** The lists are what is learned; else judgments are, and the lists only supply negatives. */
  readonly targets: boolean
}

/** Which teacher must order what before training starts; null: nobody, the judgments are enough. */
export function neededLists({ teacher, sampler }: Pick<Recipe, 'teacher' | 'sampler'>): NeededLists | null {
  const spec = findSpec('sampler', samplers, sampler.name)
  const options = parseOptions('sampler', spec, sampler.options)
  if (learnsLists(teacher)) return { teacher, depth: options.depth, targets: true }
  if (!spec.readsLists) return null
  const miner = spec.miner(options)
  if (miner) return { teacher: miner, depth: options.depth, targets: false }
  throw new HydraError('USAGE', {
    expected: `a teacher that orders documents, for the sampler ${sampler.name}`,
    got: `the teacher ${teacher.name}`,
    remedy: 'Choose another teacher, such as bm25 or fusion, or another sampler.',
  })
}

/** Judgments say what is relevant and order nothing; every other teacher's lists are themselves what is learned. */
export function learnsLists(teacher: Choice): boolean {
  return teacher.name !== 'judgments'
}
