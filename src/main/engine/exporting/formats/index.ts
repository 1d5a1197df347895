import { collectSpecs, type Spec } from '../../registry/registry'

/** Every format that a file of this folder exports. */
export const exporters = collectSpecs<Spec>(import.meta.glob('./*.ts', { eager: true }))
