import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { indexManifestSchema } from '../../../../shared/schemas/indexes'
import { readJsonIfThere, writeJsonAtomic } from '../../../files/atomic-write'
import type { IndexRow, IndexStore } from '../index-engine'
import { requireNext, widthMismatch } from '../index-refusals'
import { type OpenSegments, openSegments } from './open-segments'
import { listSegments, mendSegment, removeSegment, segmentLines, segmentWriter } from './segment-files'

const fileSchema = z.strictObject({
  version: z.literal(1),
  index: indexManifestSchema,
  /** What of which segments is served. */
  segments: z.array(
    z.strictObject({
      number: z.number().int(),
      dimensions: z.number().int(),
      /** Further rows belong to a push that is not finished. */
      rows: z.number().int(),
      /** Rows that are served no more, in order. */
      gone: z.array(z.number().int()),
    }),
  ),
})
export type ServedSegments = z.infer<typeof fileSchema>

/**
 * An index as files on this machine: segments that grow at the end, and a manifest, replaced as a whole, that says which of
 * their rows are served. One process writes, the one that holds the workspace's lock; any may search meanwhile.
 */
export function memoryStore(
  folder: string,
  options: { readonly heldBytes: number; readonly threads: number },
): IndexStore {
  const file = join(folder, 'manifest.json')
  const segmentFolder = join(folder, 'segments')
  const read = () => readJsonIfThere(file, fileSchema)
  let writer: ReturnType<typeof segmentWriter> | null = null
  let opened: { readonly of: string; readonly segments: OpenSegments } | null = null
  let searches: Promise<unknown> = Promise.resolve()

  async function served(): Promise<OpenSegments> {
    const manifest = await read()
    if (!manifest) throw new RangeError('nothing was pushed: callers look for a manifest first')
    const of = JSON.stringify(manifest)
    if (opened?.of === of) return opened.segments
    await opened?.segments.close()
    opened = null
    opened = { of, segments: await openSegments(segmentFolder, manifest, options) }
    return opened.segments
  }

  return {
    manifest: async () => (await read())?.index ?? null,

    async prepare(dimensions) {
      await mkdir(segmentFolder, { recursive: true })
      const segments = await listSegments(segmentFolder)
      const other = segments.find((one) => one.dimensions !== dimensions)
      if (other) throw widthMismatch(other.dimensions, dimensions)
      const last = segments.at(-1)
      writer = segmentWriter(
        segmentFolder,
        last
          ? { segment: last, rows: await mendSegment(segmentFolder, last) }
          : { segment: { number: 0, dimensions }, rows: 0 },
      )
    },

    async *keys() {
      const gone = new Map((await read())?.segments.map((one) => [one.number, new Set(one.gone)]))
      for (const segment of await listSegments(segmentFolder)) {
        let row = 0
        for await (const lines of segmentLines(segmentFolder, segment)) {
          const there = lines.filter((_, i) => !gone.get(segment.number)?.has(row + i))
          row += lines.length
          yield there.map(({ key }) => key)
        }
      }
    },

    async stage(rows: readonly IndexRow[]) {
      if (!writer) throw new RangeError('a push begins with prepare')
      await writer.append(rows)
    },

    async commit(index, keys) {
      const before = await read()
      requireNext(before?.index ?? null, index)
      const leaving = new Set(keys)
      const segments: ServedSegments['segments'] = []
      const all = await listSegments(segmentFolder)
      for (const name of all) {
        const gone = new Set(before?.segments.find(({ number }) => number === name.number)?.gone)
        let rows = 0
        for await (const lines of segmentLines(segmentFolder, name)) {
          lines.forEach(({ key }, i) => {
            if (leaving.has(key)) gone.add(rows + i)
          })
          rows += lines.length
        }
        if (gone.size < rows) segments.push({ ...name, rows, gone: [...gone].sort((a, b) => a - b) })
      }
      await writeJsonAtomic(file, fileSchema.parse({ version: 1, index, segments }))
      const numbers = new Set(segments.map(({ number }) => number))
      for (const name of all) if (!numbers.has(name.number)) await removeSegment(segmentFolder, name)
      writer = null
    },

    search(queries, search) {
      // One after the other: each has all threads, and none closes what another reads.
      const result = searches.then(async () => (await served()).search(queries, search))
      searches = result.catch(() => undefined)
      return result
    },

    async drop() {
      // Served no more from here on; what is left of it is rubbish, whenever its deletion ends.
      await rm(file, { force: true })
      await rm(folder, { recursive: true, force: true })
    },

    async close() {
      await searches
      await opened?.segments.close()
      opened = null
    },
  }
}
