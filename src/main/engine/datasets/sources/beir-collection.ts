import { z } from 'zod'
import type { ExcludeRule } from '../../../../shared/schemas/dataset'
import type { SourceSpec } from './source-spec'

const BEIR = 'Thakur et al., BEIR, NeurIPS Datasets and Benchmarks 2021'

/**
 * A public collection of BEIR's archive, as it stands there. Those of some millions of documents are left out, since search
 * here is exact and in memory.
 * @param md5 as BEIR publishes it  @param licence as the collection's authors state it (BEIR, appendix on licences)
 */
export function beirCollection(collection: {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly citation: string
  readonly licence: string
  readonly bytes?: number
  readonly md5: string
  readonly exclude?: ExcludeRule
}): SourceSpec {
  const { id, title, summary, citation, licence, bytes = null, md5, exclude } = collection
  return {
    name: `beir/${id}`,
    title,
    summary,
    citation: `${citation}; in the form of ${BEIR}`,
    options: z.strictObject({}),
    id,
    licence,
    version: 'BEIR 1.0.0',
    ...(exclude ? { exclude } : {}),
    files: [
      {
        name: `${id}.zip`,
        bytes,
        checksum: { kind: 'md5', hex: md5 },
        from: { kind: 'beir', path: `${id}.zip` },
      },
    ],
  }
}
