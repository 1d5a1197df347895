import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { textChunks } from '../../engine/datasets/importing/opening/file-kinds'
import { readLines } from '../../engine/datasets/importing/read-lines'
import { runField } from '../../engine/formats/run-field'
import { type ReadRanking, readTrecRun } from '../../engine/reporting/read-trec'
import { workspacePaths } from '../../workspace/paths'
import { keptFile } from '../evaluation/import-run'
import { runFileName } from '../evaluation/run-files'
import type { ScoredTable } from './scored-table'

const NONE: ReadRanking = { documents: [], scores: [] }

/**
 * One query of the run file that holds a row, found by reading the file once. Null where the row has no file, as one that
 * averages several cards; an empty ranking where the file lacks the query.
 */
export async function rankingOfQuery(
  workspace: string,
  { run, rows, cards, examples }: Pick<ScoredTable, 'run' | 'rows' | 'cards' | 'examples'>,
  row: string,
  { task, query }: { readonly task: string; readonly query: string },
): Promise<ReadRanking | null> {
  const written = join(
    workspacePaths(workspace).run(run.id).folder,
    'trec',
    runFileName({ cards, examples, row }),
  )
  const imported = rows.some((one) => one.imported !== undefined && one.row === row)
  for (const file of imported ? [keptFile(workspace, run.id, row)] : [written, `${written}.gz`]) {
    if (!(await stat(file).catch(() => null))) continue
    // Where several tasks share a file, the field is `<task>|<query>`.
    const fields = [`${task}|${query}`, query].map(runField)
    const lines = await linesOf(file, fields)
    const field = fields.find((one) => lines.has(one))
    if (field === undefined) return NONE
    const { rankings } = await readTrecRun(buffered(lines.get(field)!), file)
    return rankings.get(field) ?? NONE
  }
  return null
}

/** The lines of these queries; those of one need not stand together in a file of somebody else's. */
async function linesOf(file: string, fields: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for await (const { lines } of readLines(textChunks(createReadStream(file), file), file)) {
    for (const line of lines) {
      const field = fields.find((one) => line.startsWith(one) && /[ \t]/.test(line.charAt(one.length)))
      if (field === undefined) continue
      const known = found.get(field)
      if (known) known.push(line)
      else found.set(field, [line])
    }
  }
  return found
}

async function* buffered(lines: readonly string[]): AsyncGenerator<Buffer> {
  yield Buffer.from(`${lines.join('\n')}\n`)
}
