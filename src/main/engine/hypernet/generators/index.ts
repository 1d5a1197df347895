import { collectSpecs } from '../../registry/registry'
import type { GeneratorSpec } from './generator-spec'

/** Every generator that a file of this folder exports. */
export const generators = collectSpecs<GeneratorSpec>(import.meta.glob('./*.ts', { eager: true }))
