import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type DatasetSource, DEEPEST, locateDataset, type SourceFile } from './dataset-layout'
import { asText } from './file-kinds'

/** A folder that somebody names by mistake, such as their home, is not walked to its end. */
const MOST_FOLDERS = 2000

/** A folder that is a dataset or holds one in a folder of its own, or deeper where there is none that high. */
export async function folderSource(folder: string): Promise<DatasetSource> {
  const paths = await listFiles(folder)
  const files = new Map<string, SourceFile>()
  for (const [part, path] of locateDataset(paths, folder)) {
    const where = join(folder, path)
    const { size } = await stat(where)
    const open = async () => createReadStream(where, { highWaterMark: 2 ** 20 })
    files.set(part, asText({ where, bytes: size, open }))
  }
  return { files, close() {} }
}

/** Files of the folder, level by level, until one level below the first corpus. */
async function listFiles(folder: string): Promise<string[]> {
  const paths: string[] = []
  let level = ['']
  let listed = 0
  for (let depth = 0; depth <= DEEPEST + 1 && listed < MOST_FOLDERS; depth++) {
    const isFound = paths.some((path) => /(^|\/)corpus\.jsonl(\.gz)?$/.test(path))
    const inside: string[] = []
    for (const prefix of level.slice(0, MOST_FOLDERS - listed)) {
      listed++
      for (const entry of await readdir(join(folder, prefix)).catch(unreadable(prefix))) {
        if (entry.startsWith('.')) continue
        const found = await stat(join(folder, prefix, entry)).catch(() => null)
        if (found?.isDirectory()) inside.push(`${prefix}${entry}/`)
        else if (found?.isFile()) paths.push(prefix + entry)
      }
    }
    if (isFound) break
    level = inside
  }
  return paths
}

/** The folder that was named must be readable; one somewhere in it need not be. */
function unreadable(prefix: string) {
  return (error: unknown): string[] => {
    if (prefix === '') throw error
    return []
  }
}
