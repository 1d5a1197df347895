import { createHash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { throwIfCancelled } from '../../../shared/errors'
import { writeFileAtomic } from '../../files/atomic-write'
import type { QueryGenerator } from '../encoders/transformers/query-generator'

/** Documents of a block at most. */
const BLOCK_DOCUMENTS = 32
const EXTENSION = '.jsonl'

const lineSchema = z.strictObject({ document: z.string(), queries: z.array(z.string()) })

/**
 * A generator behind a cache on disk, by content: what it writes of a document is written once, whatever dataset or run asks.
 * What is written stays when the rest is not, but for the last documents before a kill. Blocks are immutable and appear by rename, so
 * that processes can share the folder without a lock; it can be deleted at any time.
 */
export function cachedGenerator(generator: QueryGenerator, cacheFolder: string): QueryGenerator {
  const { id, fingerprint } = generator
  const folder = join(cacheFolder, `${id.replace(/[^\w.-]+/g, '_')}-${fingerprint.slice(0, 12)}`)
  return {
    id,
    fingerprint,
    async generate(documents, { signal, onProgress, onQueries } = {}) {
      throwIfCancelled(signal)
      const known = await readBlocks(folder)
      const keys = documents.map(contentKey)
      const rowsByKey = new Map<string, number[]>()
      keys.forEach((key, row) => {
        const rows = rowsByKey.get(key)
        if (rows) rows.push(row)
        else rowsByKey.set(key, [row])
      })
      const missing = [...rowsByKey.keys()].filter((key) => !known.has(key))
      const before = documents.length - missing.length
      onProgress?.(before, documents.length)
      let fresh: string[] = []
      const keep = async () => {
        const block = fresh
        fresh = []
        if (block.length > 0) await writeBlock(folder, block, known)
      }
      const writes: Promise<void>[] = []
      try {
        await generator.generate(
          missing.map((key) => documents[rowsByKey.get(key)![0]]),
          {
            signal,
            onProgress: (done) => onProgress?.(before + done, documents.length),
            onQueries(rows, queries) {
              rows.forEach((row, i) => {
                known.set(missing[row], queries[i])
                fresh.push(missing[row])
              })
              if (fresh.length < BLOCK_DOCUMENTS) return
              const write = keep()
              // What went wrong with it is thrown below.
              write.catch(() => undefined)
              writes.push(write)
            },
          },
        )
      } finally {
        await Promise.all([...writes, keep()])
      }
      const all = keys.map((key) => [...(known.get(key) ?? [])])
      onQueries?.([...all.keys()], all)
      return all
    },
    dispose: () => generator.dispose(),
  }
}

function contentKey(document: string): string {
  return createHash('sha256').update(document).digest('hex').slice(0, 32)
}

async function readBlocks(folder: string): Promise<Map<string, readonly string[]>> {
  const known = new Map<string, readonly string[]>()
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith(EXTENSION)) continue
    const path = join(folder, name)
    const text = await readFile(path, 'utf8').catch(() => '')
    const lines = text.split('\n').filter((line) => line !== '')
    const read = lines.map((line) => lineSchema.safeParse(parsed(line)))
    // A damaged block is written anew.
    if (read.some(({ success }) => !success)) await rm(path, { force: true })
    else for (const { data } of read) if (data) known.set(data.document, data.queries)
  }
  return known
}

async function writeBlock(
  folder: string,
  keys: readonly string[],
  known: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const lines = keys.map((key) => `${JSON.stringify({ document: key, queries: known.get(key) })}\n`)
  const name = createHash('sha256').update(keys.join('')).digest('hex').slice(0, 24)
  await writeFileAtomic(join(folder, name + EXTENSION), lines.join(''))
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
