import { collectSpecs } from '../../registry/registry'
import type { Rule } from '../rule'

/** Every rule that a file of this folder exports. */
export const rules = collectSpecs<Rule>(import.meta.glob('./*.ts', { eager: true }))
