import { createReadStream } from 'node:fs'
import { readLines } from '../importing/read-lines'
import { beginningBefore, CHUNK_BYTES, type LineIndex } from './line-index'

/** Lines in a row, the first of which is line `first` of the file. */
export interface LinesInRow {
  readonly first: number
  readonly lines: readonly string[]
}

/** The lines of an indexed file from line `from` on, a chunk at a time: who has seen enough leaves the loop. */
export async function* scanLines(
  index: LineIndex,
  from = 0,
  signal?: AbortSignal,
): AsyncGenerator<LinesInRow> {
  if (from >= index.lines) return
  const { byte: start, line } = beginningBefore(index, from)
  const chunks = createReadStream(index.path, { start, highWaterMark: CHUNK_BYTES })
  let first = line
  for await (const { lines } of readLines(chunks, index.path, signal)) {
    const before = Math.max(0, from - first)
    if (before < lines.length) yield { first: first + before, lines: lines.slice(before) }
    first += lines.length
  }
}
