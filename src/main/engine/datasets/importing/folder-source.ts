import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type DatasetSource, locateDataset, type SourceFile } from './dataset-layout'

/** A folder that is a dataset or holds one in a folder of its own. Looks no deeper than that. */
export async function folderSource(folder: string): Promise<DatasetSource> {
  const paths: string[] = []
  async function list(prefix: string): Promise<string[]> {
    const folders: string[] = []
    for (const entry of await readdir(join(folder, prefix))) {
      if (entry.startsWith('.')) continue
      const found = await stat(join(folder, prefix, entry)).catch(() => null)
      if (found?.isDirectory()) folders.push(entry)
      else if (found?.isFile()) paths.push(prefix + entry)
    }
    return folders
  }
  const inside = await list('')
  const roots = inside.includes('qrels') ? [''] : []
  for (const name of inside.filter((name) => name !== 'qrels')) {
    if ((await list(`${name}/`)).includes('qrels')) roots.push(`${name}/`)
  }
  for (const root of roots) await list(`${root}qrels/`)

  const files = new Map<string, SourceFile>()
  for (const [part, path] of locateDataset(paths, folder)) {
    const where = join(folder, path)
    files.set(part, {
      where,
      bytes: (await stat(where)).size,
      open: async () => createReadStream(where, { highWaterMark: 2 ** 20 }),
    })
  }
  return { files, close() {} }
}
