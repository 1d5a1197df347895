import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ZodType } from 'zod'
import { HydraError } from '../../shared/errors'

/** `.name.<pid>-<random>.tmp`: who wrote it, so that leftovers of the dead can be told from work of the living. */
export const TEMPORARY_FILE = /^\..+\.(\d+)-[0-9a-f]+\.tmp$/

/**
 * Temp file in the same folder, fsync, rename: a reader sees the old bytes or the new ones, never a part of them. `mode`:
 * who may read it, from its first byte on.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode = 0o666,
): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const temporary = temporaryBeside(path)
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** A name for work in progress in the same folder, which says who does it. */
export function temporaryBeside(path: string): string {
  const name = `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  return join(dirname(path), name)
}

/** JSON with two spaces, so that a person can read and diff it. Every file of a workspace says its version. */
export function writeJsonAtomic(
  path: string,
  value: { readonly version: number },
  mode?: number,
): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`, mode)
}

/** A JSON file of the workspace, checked against its schema. */
export async function readJson<T>(path: string, schema: ZodType<T>): Promise<T> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new HydraError('FILE_MISSING', {
      expected: `a file ${basename(path)}`,
      got: 'nothing of that name',
      remedy: 'Check the path, or restore the file.',
      where: path,
    })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw invalid(path, (error as Error).message)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw invalid(path, `${issue.path.join('.') || 'the whole'}: ${issue.message}`)
  }
  return parsed.data
}

/** The same; null where there is no such file. */
export async function readJsonIfThere<T>(path: string, schema: ZodType<T>): Promise<T | null> {
  try {
    return await readJson(path, schema)
  } catch (error) {
    if (error instanceof HydraError && error.code === 'FILE_MISSING') return null
    throw error
  }
}

function invalid(path: string, got: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected: `${basename(path)} as this version of the workbench writes it`,
    got,
    remedy: 'Restore the file from a copy, or move its folder out of the workspace.',
    where: path,
  })
}

/** The rename itself must survive a power cut; not every platform lets a folder be opened. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
