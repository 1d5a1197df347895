import { collectSpecs } from '../../registry/registry'
import type { BackendSpec } from './backend'

/** Every backend that a file of this folder exports, in the order in which they are tried where nothing was measured. */
export const backends: readonly BackendSpec[] = [
  ...collectSpecs<BackendSpec>(import.meta.glob('./*.ts', { eager: true })),
].sort((a, b) => a.precedence - b.precedence)
