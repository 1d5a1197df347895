import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DEEPEST, type SourceFile, type SourceFiles } from '../dataset-layout'

/** A folder that somebody names by mistake, such as their home, is not walked to its end. */
const MOST_FOLDERS = 2000

/** Files of a folder, level by level, until one level below the first corpus. */
export async function openFolder(folder: string): Promise<SourceFiles> {
  const files = new Map<string, SourceFile>()
  let level = ['']
  let listed = 0
  for (let depth = 0; depth <= DEEPEST + 1 && listed < MOST_FOLDERS; depth++) {
    const isFound = [...files.keys()].some((path) => /(^|\/)corpus\.jsonl(\.gz)?$/.test(path))
    const inside: string[] = []
    for (const prefix of level.slice(0, MOST_FOLDERS - listed)) {
      listed++
      for (const entry of await readdir(join(folder, prefix)).catch(unreadable(prefix))) {
        if (entry.startsWith('.')) continue
        const where = join(folder, prefix, entry)
        const found = await stat(where).catch(() => null)
        if (found?.isDirectory()) inside.push(`${prefix}${entry}/`)
        else if (found?.isFile()) {
          const open = async () => createReadStream(where, { highWaterMark: 2 ** 20 })
          files.set(prefix + entry, { where, bytes: found.size, open })
        }
      }
    }
    if (isFound) break
    level = inside
  }
  return { files, close() {} }
}

/** The folder that was named must be readable; one somewhere in it need not be. */
function unreadable(prefix: string) {
  return (error: unknown): string[] => {
    if (prefix === '') throw error
    return []
  }
}
