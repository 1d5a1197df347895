import { createReadStream } from 'node:fs'
import { open, readdir, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import { readLines } from '../../datasets/importing/read-lines'
import type { IndexRow, Metadata } from '../index-engine'

/** Rows of a segment at most: 100 MB at 384 dimensions. */
const SEGMENT_ROWS = 65_536
const NEWLINE = 0x0a

/**
 * A segment is two files: vectors, `<number>-<dimensions>.f32`, row by row in float32 as this machine has them (little-endian on
 * all that are supported), and `<number>.jsonl`, a line of key, id and metadata a row. Both only ever grow at the end, vectors first.
 */
export interface SegmentName {
  readonly number: number
  readonly dimensions: number
}

const lineSchema = z.object({
  key: z.string(),
  id: z.string(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
})

export interface SegmentLine {
  readonly key: string
  readonly id: string
  readonly metadata: Metadata
}

export function vectorFile(folder: string, { number, dimensions }: SegmentName): string {
  return join(folder, `${padded(number)}-${dimensions}.f32`)
}

function lineFile(folder: string, { number }: SegmentName): string {
  return join(folder, `${padded(number)}.jsonl`)
}

const padded = (number: number) => String(number).padStart(6, '0')

/** Those that lie there, by number. */
export async function listSegments(folder: string): Promise<SegmentName[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .flatMap((name) => {
      const [, number, dimensions] = /^(\d{6})-(\d+)\.f32$/.exec(name) ?? []
      return number ? [{ number: Number(number), dimensions: Number(dimensions) }] : []
    })
    .sort((a, b) => a.number - b.number)
}

/** The lines of a segment's first rows, in portions. @param rows how many; all unless said */
export async function* segmentLines(
  folder: string,
  segment: SegmentName,
  rows = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly SegmentLine[]> {
  const file = lineFile(folder, segment)
  let read = 0
  for await (const { lines, first } of readLines(createReadStream(file, { highWaterMark: 2 ** 20 }), file)) {
    const wanted = lines.slice(0, rows - read)
    read += wanted.length
    yield wanted.map((line, i) => parseLine(line, `${file}:${first + i}`))
    if (read >= rows) return
  }
  if (Number.isFinite(rows) && read < rows) throw damaged(`${rows} lines`, `${read}`, file)
}

function parseLine(line: string, where: string): SegmentLine {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch (error) {
    throw damaged('a line of key, id and metadata', error instanceof Error ? error.message : line, where)
  }
}

/**
 * Cuts off what a write that was broken off has left of a segment: half a line, vectors without one. Answers its rows.
 * @throws FILE_INVALID where lines have no vectors
 */
export async function mendSegment(folder: string, segment: SegmentName): Promise<number> {
  const lines = lineFile(folder, segment)
  let rows = 0
  let end = 0
  let bytes = 0
  const stream = (await stat(lines).catch(() => null)) ? createReadStream(lines) : []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      rows++
      end = bytes + at + 1
    }
    bytes += chunk.length
  }
  if (end < bytes) await truncate(lines, end)
  const vectors = vectorFile(folder, segment)
  const needed = rows * segment.dimensions * Float32Array.BYTES_PER_ELEMENT
  const { size } = await stat(vectors)
  if (size < needed) throw damaged(`${needed} bytes of vectors`, `${size}`, vectors)
  if (size > needed) await truncate(vectors, needed)
  return rows
}

/** Appends rows to the last segment, and to new ones where it is full. What it has answered lies on the disk. */
export function segmentWriter(folder: string, last: { segment: SegmentName; rows: number }) {
  let { segment, rows } = last
  return {
    async append(all: readonly IndexRow[]): Promise<void> {
      for (let start = 0; start < all.length; ) {
        if (rows >= SEGMENT_ROWS) {
          segment = { ...segment, number: segment.number + 1 }
          rows = 0
        }
        const part = all.slice(start, start + SEGMENT_ROWS - rows)
        const vectors = new Float32Array(part.length * segment.dimensions)
        part.forEach(({ vector }, i) => {
          vectors.set(vector, i * segment.dimensions)
        })
        const lines = part.map(({ key, id, metadata }) => `${JSON.stringify({ key, id, metadata })}\n`)
        await appendSynced(vectorFile(folder, segment), new Uint8Array(vectors.buffer))
        await appendSynced(lineFile(folder, segment), Buffer.from(lines.join('')))
        rows += part.length
        start += part.length
      }
    },
  }
}

async function appendSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'a')
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
}

export async function removeSegment(folder: string, segment: SegmentName): Promise<void> {
  await rm(vectorFile(folder, segment), { force: true })
  await rm(lineFile(folder, segment), { force: true })
}

export function damaged(expected: string, got: string, where: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected,
    got,
    remedy: 'The index is damaged: drop it and push its collection again.',
    command: 'hydra index drop NAME',
    where,
  })
}
