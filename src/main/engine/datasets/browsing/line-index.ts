import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { throwIfCancelled } from '../../../../shared/errors'

/** Where the lines of a file begin, so that any of a million is read without what stands before it. */
export interface LineIndex {
  readonly path: string
  readonly lines: number
  readonly bytes: number
  /** Byte at which line `i * LINES_APART` begins; a million lines take 125 kB. */
  readonly offsets: Float64Array
}

/** Lines from one known beginning to the next: a window reads at most so many too many at either end. */
export const LINES_APART = 64
export const CHUNK_BYTES = 2 ** 20
const NEWLINE = 0x0a

/** Reads a file once and notes where its lines begin. A last line without an end counts. */
export async function indexLines(path: string, signal?: AbortSignal): Promise<LineIndex> {
  const { size: bytes } = await stat(path)
  const offsets: number[] = bytes > 0 ? [0] : []
  let lines = 0
  let begun = 0
  let last = NEWLINE
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    throwIfCancelled(signal)
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      lines++
      const next = begun + at + 1
      if (lines % LINES_APART === 0 && next < bytes) offsets.push(next)
    }
    begun += chunk.length
    last = chunk[chunk.length - 1]
  }
  return { path, lines: last === NEWLINE ? lines : lines + 1, bytes, offsets: Float64Array.from(offsets) }
}

/** The greatest known beginning at or before a line: its byte, and which line it is. */
export function beginningBefore({ offsets }: LineIndex, line: number): { byte: number; line: number } {
  const place = Math.min(Math.floor(line / LINES_APART), offsets.length - 1)
  return place < 0 ? { byte: 0, line: 0 } : { byte: offsets[place], line: place * LINES_APART }
}
