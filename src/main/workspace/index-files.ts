import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type IndexRecord, indexRecordSchema } from '../../shared/schemas/indexes'
import { readJsonIfThere, writeJsonAtomic } from '../files/atomic-write'
import { workspacePaths } from './paths'

const RECORD = 'index.json'

/** Where an engine that writes on this machine puts an index. */
export function indexDataFolder(workspace: string, engine: string, name: string): string {
  return join(workspacePaths(workspace).index(engine, name), 'data')
}

export function readIndexRecord(
  workspace: string,
  engine: string,
  name: string,
): Promise<IndexRecord | null> {
  return readJsonIfThere(join(workspacePaths(workspace).index(engine, name), RECORD), indexRecordSchema)
}

export function writeIndexRecord(workspace: string, record: IndexRecord): Promise<void> {
  const { engine, name } = record
  const file = join(workspacePaths(workspace).index(engine, name), RECORD)
  return writeJsonAtomic(file, indexRecordSchema.parse(record))
}

/** Those that were pushed from this workspace, by engine and name. */
export async function listIndexRecords(workspace: string): Promise<IndexRecord[]> {
  const { indexes } = workspacePaths(workspace)
  const folders = async (place: string) =>
    (await readdir(place, { withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort((a, b) => (a < b ? -1 : 1))
  const records: IndexRecord[] = []
  for (const engine of await folders(indexes)) {
    for (const name of await folders(join(indexes, engine))) {
      const record = await readIndexRecord(workspace, engine, name)
      if (record) records.push(record)
    }
  }
  return records
}

export async function forgetIndex(workspace: string, engine: string, name: string): Promise<void> {
  await rm(workspacePaths(workspace).index(engine, name), { recursive: true, force: true })
}
