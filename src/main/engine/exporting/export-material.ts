import type { ResolvedEncoder } from '../encoders/remote/resolve-encoder'
import type { Matrix } from '../numeric/matrix'
import type { EncoderOrigin } from './encoder-origin'
import type { HeadOrigin, HeadPair } from './head-file'

/** What an export is made of, whatever its format. */
export interface ExportMaterial {
  /** `<dataset>-<card>`: what its files are called. */
  readonly name: string
  readonly heads: HeadPair
  readonly origin: HeadOrigin
  readonly encoder: ResolvedEncoder
  readonly encoderOrigin: EncoderOrigin
  readonly probes: Probes
}

/** What an export is held against: texts, and what the engine makes of them. */
export interface Probes {
  readonly texts: readonly string[]
  /** Of the texts as queries, by the encoder alone: [64, d], unit rows. */
  readonly vectors: Matrix
  /** By the network itself, not by its folded head: [64, outputs], unit rows. */
  readonly queries: Matrix
  readonly documents: {
    readonly texts: readonly string[]
    /** By the encoder alone: [m, d], unit rows. */
    readonly vectors: Matrix
    /** By the network itself, [m, outputs]; null where documents stay as they are. */
    readonly transformed: Matrix | null
  }
}

/** The documents that queries are ranked against, as the engine has them. */
export function engineDocuments({ documents }: Probes): Matrix {
  return documents.transformed ?? documents.vectors
}
