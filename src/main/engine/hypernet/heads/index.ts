import { collectSpecs } from '../../registry/registry'
import type { HeadSpec } from './head-spec'

/** Every head that a file of this folder exports. */
export const heads = collectSpecs<HeadSpec>(import.meta.glob('./*.ts', { eager: true }))
