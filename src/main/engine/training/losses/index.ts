import { collectSpecs } from '../../registry/registry'
import type { LossSpec } from './loss'

/** Every loss that a file of this folder exports. */
export const losses = collectSpecs<LossSpec>(import.meta.glob('./*.ts', { eager: true }))
