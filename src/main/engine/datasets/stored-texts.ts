import { type HeldFile, holdFile } from '../../files/held-file'
import type { TextList } from './text-list'

/** Bytes that a walk over all texts reads at once, a longer line aside. */
const WINDOW_BYTES = 2 ** 20
const NEWLINE = 0x0a

/** Where the lines of a file begin, noted while it is read: 8 bytes a line. */
interface LineBegins {
  /** The same chunks, looked at in passing. */
  noting(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer>
  /** [lines + 1] the byte at which each line begins that holds something, and where the last one ends. */
  begins(): Float64Array
}

export function lineBegins(): LineBegins {
  let begins = new Float64Array(2 ** 16)
  let lines = 0
  let read = 0
  let begun = 0
  const endLine = (end: number) => {
    // An empty line, with or without a carriage return, is none.
    if (end - begun > 2) {
      if (lines + 2 > begins.length) {
        const more = new Float64Array(2 * begins.length)
        more.set(begins)
        begins = more
      }
      begins[lines++] = begun
      begins[lines] = end
    }
    begun = end
  }
  return {
    async *noting(chunks) {
      for await (const chunk of chunks) {
        for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1))
          endLine(read + at + 1)
        read += chunk.length
        yield chunk
      }
      endLine(read)
    },
    begins: () => begins.slice(0, lines === 0 ? 0 : lines + 1),
  }
}

interface StoredLines {
  readonly file: HeldFile
  readonly begins: Float64Array
}

export function storedLines(path: string, begins: Float64Array): StoredLines {
  return { file: holdFile(path), begins }
}

/**
 * Texts that are read where they lie, when they are asked for: a million of them take no memory but where each begins.
 * @param textOf of what stands in a line
 */
export function storedTexts<Line>(lines: StoredLines, textOf: (line: Line) => string): TextList {
  const { begins } = lines
  const length = Math.max(0, begins.length - 1)
  const window = (first: number, end: number): Buffer => {
    const bytes = Buffer.allocUnsafe(begins[end] - begins[first])
    lines.file.read(begins[first], bytes)
    return bytes
  }
  return {
    length,
    at(place) {
      if (!(place >= 0 && place < length)) return undefined
      return textOf(JSON.parse(window(place, place + 1).toString('utf8')))
    },
    *[Symbol.iterator]() {
      let first = 0
      while (first < length) {
        let end = first + 1
        while (end < length && begins[end + 1] - begins[first] <= WINDOW_BYTES) end++
        const bytes = window(first, end)
        for (let line = first; line < end; line++) {
          const [from, to] = [begins[line] - begins[first], begins[line + 1] - begins[first]]
          yield textOf(JSON.parse(bytes.toString('utf8', from, to)))
        }
        first = end
      }
    },
  }
}
