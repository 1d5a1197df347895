import { collectSpecs } from '../../registry/registry'
import type { ProviderSpec } from './provider'

/** Every provider that a file of this folder exports. */
export const providers: readonly ProviderSpec[] = [
  ...collectSpecs<ProviderSpec>(import.meta.glob('./*.ts', { eager: true })),
].sort((a, b) => a.precedence - b.precedence)

/** Where nothing is said: every machine has it. */
export const USUAL_PROVIDER = 'cpu'
