import { collectSpecs } from '../../registry/registry'
import type { IndexEngine } from '../index-engine'

/** Every engine that a file of this folder exports. */
export const indexEngines = collectSpecs<IndexEngine>(import.meta.glob('./*.ts', { eager: true }))
