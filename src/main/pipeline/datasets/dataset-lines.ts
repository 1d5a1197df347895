import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { TextKind, TextRow } from '../../../shared/schemas/browsing'
import type { DatasetRecord } from '../../../shared/schemas/dataset'
import type { FoundText } from '../../engine/datasets/browsing/find-texts'
import type { LineIndex } from '../../engine/datasets/browsing/line-index'
import { readDatasetRecord } from '../../engine/datasets/dataset-record'
import type { SourceFile } from '../../engine/datasets/importing/dataset-layout'
import { workspacePaths } from '../../workspace/paths'
import type { OperationContext } from '../operation'

/** A dataset of the workspace whose texts are read where they lie, and never all at once. */
export interface DatasetLines {
  readonly record: DatasetRecord
  readonly folder: string
  lines(of: TextKind): Promise<LineIndex>
  /** Its qrels, by split. */
  qrels(): Promise<ReadonlyMap<string, SourceFile>>
}

/** Characters of a text in a list. */
const SHOWN = 280
const FILES: Readonly<Record<TextKind, string>> = { documents: 'corpus.jsonl', queries: 'queries.jsonl' }
const QRELS = '.tsv'

export async function datasetLines(id: string, context: OperationContext): Promise<DatasetLines> {
  const folder = workspacePaths(context.workspace).dataset(id)
  const record = await readDatasetRecord(folder)
  return {
    record,
    folder,
    lines: (of) => context.warm.lines(join(folder, FILES[of]), record.sha256),
    async qrels() {
      const names = (await readdir(join(folder, 'qrels'))).filter((name) => name.endsWith(QRELS)).sort()
      const files = names.map(async (name) => {
        const where = join(folder, 'qrels', name)
        const open = async () => createReadStream(where, { highWaterMark: 2 ** 20 })
        return [name.slice(0, -QRELS.length), { where, bytes: (await stat(where)).size, open }] as const
      })
      return new Map(await Promise.all(files))
    },
  }
}

/** A text as a list shows it. */
export function textRow({ row, id, title, text }: FoundText): TextRow {
  return { row, id, title, text: beginning(text), characters: text.length }
}

/** Cut between characters, not within one. */
export function beginning(text: string): string {
  return text.length <= SHOWN ? text : text.slice(0, SHOWN).replace(/[\uD800-\uDBFF]$/, '')
}
