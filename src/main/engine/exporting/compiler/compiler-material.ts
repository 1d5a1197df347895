import type { ResolvedEncoder } from '../../encoders/remote/resolve-encoder'
import type { Matrix } from '../../numeric/matrix'
import type { EncoderOrigin } from '../encoder-origin'
import type { ExportBackground } from '../export-readme'
import type { CompiledCard, CompilerInputs } from './compiled-card'
import type { CompilerParts } from './compiler-graph'

/** What an exported compiler is made of. */
export interface CompilerMaterial {
  readonly run: string
  readonly parts: CompilerParts
  readonly encoder: ResolvedEncoder
  readonly encoderOrigin: EncoderOrigin
  readonly background: ExportBackground
  readonly probes: CompilerProbes
}

/** What a compiler is held against. */
interface CompilerProbes {
  readonly texts: readonly string[]
  /** [64, d] of the texts as queries, by the encoder alone. */
  readonly queries: Matrix
  /** [64, d] of the same texts as documents. */
  readonly documents: Matrix
  /** 64 cards, and what the engine hands out for each. */
  readonly cards: readonly { readonly inputs: CompilerInputs; readonly made: CompiledCard }[]
}
