import { collectSpecs } from '../../registry/registry'
import type { SamplerSpec } from './sampler-spec'

/** Every sampler that a file of this folder exports. */
export const samplers = collectSpecs<SamplerSpec>(import.meta.glob('./*.ts', { eager: true }))
