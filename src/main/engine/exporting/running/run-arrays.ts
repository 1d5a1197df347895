import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExportMaterial } from '../export-material'
import type { ExportRun } from '../formats/export-format'
import { type NamedArrays, runPlainHead } from './plain-head'

/** A file of arrays, read back and run by the formula that it states. */
export async function runArrays(
  { heads, probes }: ExportMaterial,
  {
    folder,
    file,
    part,
    read,
  }: {
    readonly folder: string
    readonly file: string
    readonly part: string
    read(bytes: Uint8Array): NamedArrays
  },
): Promise<ExportRun> {
  const arrays = read(await readFile(join(folder, file)))
  return {
    part,
    file,
    by: 'a second reader, in float64',
    queries: runPlainHead(arrays, '', probes.vectors),
    documents: heads.documents ? runPlainHead(arrays, 'documents.', probes.documents.vectors) : null,
  }
}
