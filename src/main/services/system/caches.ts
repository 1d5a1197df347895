import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import type { CacheRecord } from '../../../shared/schemas/system'
import { readSafetensorsHeader, safetensorsDataStart } from '../../engine/formats/safetensors'
import { workspacePaths } from '../../workspace/paths'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'

/** `<encoder>-<12 digits of its fingerprint>` */
const FINGERPRINT = /-[0-9a-f]{12}$/
/** Mean vectors of the documents nearest to a card, `nearest-<how many>-<collection>`. */
const NEAREST = /^nearest-\d+-/
/** Where the scores of cross-encoders and the orders of teachers lie. */
const SCORES = 'teachers'
/** Where queries that models wrote lie. */
const QUERIES = 'queries'
/** What is deleted lies under such a name until it is gone. */
const REMOVED = '.removed-'

/** Every cache of the workspace, the largest first. */
export async function listCaches(workspace: string): Promise<CacheRecord[]> {
  const { vectorCache, teacherCache, queryCache } = workspacePaths(workspace)
  const caches: CacheRecord[] = []
  for (const entry of await readdir(vectorCache, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue
    const name = entry.name.replace(FINGERPRINT, '')
    const isNearest = NEAREST.test(name)
    const folder = join(vectorCache, entry.name)
    caches.push({
      id: entry.name,
      kind: isNearest ? 'nearest' : 'vectors',
      of: name.replace(NEAREST, ''),
      ...(await sizeOf(folder)),
      texts: isNearest ? null : await textsIn(folder),
    })
  }
  const scores = await sizeOf(teacherCache)
  if (scores.files > 0) caches.push({ id: SCORES, kind: 'scores', of: 'teachers', ...scores, texts: null })
  const queries = await sizeOf(queryCache)
  if (queries.files > 0)
    caches.push({ id: QUERIES, kind: 'queries', of: 'generators', ...queries, texts: null })
  return caches.sort((a, b) => b.bytes - a.bytes)
}

/** Deletes these caches. Throws CACHE_IN_USE while a job runs or waits, CACHE_UNKNOWN. */
export async function clearCaches(
  context: ServiceContext,
  ids: readonly string[],
): Promise<{ bytes: number }> {
  requireWriter(context)
  const job = context.queue.list().find(({ endedAt }) => endedAt === null)
  if (job)
    throw new HydraError('CACHE_IN_USE', {
      expected: 'no job at work',
      got: `“${job.title}”, which is ${job.state}`,
      remedy: 'Wait for its end, or pause or cancel it.',
    })
  const { vectorCache, teacherCache, queryCache } = workspacePaths(context.workspace)
  const whole: Readonly<Record<string, string>> = { [SCORES]: teacherCache, [QUERIES]: queryCache }
  const known = await listCaches(context.workspace)
  const wanted = ids.map((id) => known.find((one) => one.id === id) ?? unknownCache(id))
  // What the session has opened may be written there again.
  await context.session.renew()
  for (const { id } of wanted) {
    const folder = whole[id] ?? join(vectorCache, id)
    // Out of the way at once: a cache is whole or not there.
    const gone = join(folder, '..', `${REMOVED}${id}`)
    await rm(gone, { recursive: true, force: true })
    await rename(folder, gone)
    await rm(gone, { recursive: true, force: true })
  }
  return { bytes: wanted.reduce((sum, { bytes }) => sum + bytes, 0) }
}

async function sizeOf(folder: string): Promise<{ bytes: number; files: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => stat(join(entry.parentPath, entry.name)).catch(() => null)),
  )
  return { bytes: sizes.reduce((sum, found) => sum + (found?.size ?? 0), 0), files: sizes.length }
}

/** Texts whose vectors lie in the blocks of a folder, as the blocks' headers say; a damaged block has none. */
async function textsIn(folder: string): Promise<number> {
  let texts = 0
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.safetensors')) continue
    texts += await textsOf(join(folder, name)).catch(() => 0)
  }
  return texts
}

async function textsOf(path: string): Promise<number> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const start = Buffer.alloc(8)
    await file.read(start, 0, 8, 0)
    const head = Buffer.alloc(Math.min(safetensorsDataStart(start, path), size))
    await file.read(head, 0, head.length, 0)
    return readSafetensorsHeader(head, path, size).tensors.hashes?.shape[0] ?? 0
  } finally {
    await file.close()
  }
}

function unknownCache(id: string): never {
  throw new HydraError('CACHE_UNKNOWN', {
    expected: 'a cache of this workspace',
    got: JSON.stringify(id),
    remedy: 'Look at the list again: it may have been cleared already.',
  })
}
