import { open } from 'node:fs/promises'
import { beginningBefore, LINES_APART, type LineIndex } from './line-index'

/** Lines `from` to `from + count` of an indexed file, fewer at its end. */
export async function readLineRange(index: LineIndex, from: number, count: number): Promise<string[]> {
  if (count <= 0 || from >= index.lines) return []
  const { byte: start, line: first } = beginningBefore(index, from)
  const block = Math.ceil((from + count) / LINES_APART)
  const end = block < index.offsets.length ? index.offsets[block] : index.bytes
  const buffer = Buffer.alloc(end - start)
  const file = await open(index.path, 'r')
  try {
    let read = 0
    while (read < buffer.length) {
      const { bytesRead } = await file.read(buffer, read, buffer.length - read, start + read)
      if (bytesRead === 0) break
      read += bytesRead
    }
  } finally {
    await file.close()
  }
  const lines = buffer.toString('utf8').split('\n')
  const wanted = Math.min(count, index.lines - from)
  return lines.slice(from - first, from - first + wanted)
}
