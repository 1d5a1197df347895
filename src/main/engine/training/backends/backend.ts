import type { z } from 'zod'
import type { Spec } from '../../registry/registry'
import type { Device } from './device'

/** A backend at work: TensorFlow.js's own from now on. */
export interface ActiveBackend {
  /** Whose memory tensors lie in; null: in this process's. What is as large as a corpus is computed where it lies. */
  readonly device: Device | null
}

/** One way to run TensorFlow.js. */
export interface BackendSpec<Options extends z.ZodType = z.ZodType> extends Spec<Options> {
  /** Where nothing was measured, the smallest that works is taken. */
  readonly precedence: number
  /** What must be installed for it, and the one command that does it; null: it comes with the workbench. */
  readonly from: { readonly packages: readonly string[]; readonly command: string } | null
  /** Tensors cannot be read at once but only later, so heads of cards are made on another one. */
  readonly readLater?: true
  /** Makes it TensorFlow.js's backend. Throws BackendRefused where it knows why not. */
  create(options: z.output<Options>): Promise<ActiveBackend>
}

/** Backends have nothing to set so far: they are chosen, by name or by what was measured. */
export function defineBackend<Options extends z.ZodType>(spec: BackendSpec<Options>): BackendSpec {
  return spec as unknown as BackendSpec
}
