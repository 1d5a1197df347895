import type { ExcludeRule } from '../../../../shared/schemas/dataset'
import type { Checksum } from '../../../files/checksum'
import type { Spec } from '../../registry/registry'
import type { SourceFiles } from '../importing/dataset-layout'

/** A file that somebody has published, and how it is asked for. */
export interface PublishedFile {
  /** Its own name, under which it is looked for among files that a person gives. */
  readonly name: string
  /** null where the publisher states no size. */
  readonly bytes: number | null
  readonly checksum: Checksum
  readonly from: Channel
}

/** `beir`: a path below the address of BEIR's archive. `npm` and `pip`: a package, by the client that is installed here. */
export type Channel =
  | { readonly kind: 'beir'; readonly path: string }
  | { readonly kind: 'npm' | 'pip'; readonly package: string; readonly version: string }

/** What making datasets of published files may use. */
export interface MakingContext {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** A collection or family that can be imported by name: what it is made of, where that comes from, and under which licence. */
export interface SourceSpec extends Spec {
  /** What it gets in the workspace: a dataset's id, or that of a family. */
  readonly id: string
  readonly licence: string
  readonly version: string
  readonly files: readonly PublishedFile[]
  /** Whose own document leaves a query's ranking, where the collection's protocol has it so. */
  readonly exclude?: ExcludeRule
  /**
   * A family in BEIR layout, made of the files in their order; absent where the one file is a dataset or family as it stands.
   * @param paths the files, whole and with their checksums
   */
  make?(paths: readonly string[], context: MakingContext): Promise<SourceFiles>
}
