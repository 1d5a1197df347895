import { HydraError, throwIfCancelled } from '../../../../shared/errors'

/** Some lines of a file in a row: batches, since an await per line would cost more than the line. */
export interface LineBatch {
  /** 1-based number of the first line. */
  readonly first: number
  readonly lines: readonly string[]
  /** Bytes of the file that these lines took. */
  readonly bytes: number
}

/** No record of a text collection is longer; more means that the file isn't made of lines. */
const LONGEST_LINE = 64 * 2 ** 20
const NEWLINE = 0x0a

/**
 * A UTF-8 file as batches of lines, without their ends (LF or CRLF) and without a byte order mark. Holds one chunk at a
 * time and never the whole file. `where` names the file in errors.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  where: string,
  signal?: AbortSignal,
): AsyncGenerator<LineBatch> {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let held: Buffer[] = []
  let heldBytes = 0
  let first = 1

  function batch(bytes: Buffer): LineBatch {
    let text: string
    try {
      text = utf8.decode(bytes)
    } catch (cause) {
      throw notUtf8(bytes, first, where, cause)
    }
    if (first === 1 && text.startsWith('\uFEFF')) text = text.slice(1)
    const lines = text.split('\n')
    if (lines[lines.length - 1] === '') lines.pop()
    for (let i = 0; i < lines.length; i++) if (lines[i].endsWith('\r')) lines[i] = lines[i].slice(0, -1)
    const result = { first, lines, bytes: bytes.length }
    first += lines.length
    return result
  }

  for await (const chunk of chunks) {
    throwIfCancelled(signal)
    // A newline byte is never part of a longer UTF-8 sequence, so cutting there is safe.
    const end = chunk.lastIndexOf(NEWLINE)
    if (end < 0) {
      held.push(chunk)
      heldBytes += chunk.length
      if (heldBytes > LONGEST_LINE) throw tooLong(first, where)
      continue
    }
    yield batch(Buffer.concat([...held, chunk.subarray(0, end + 1)]))
    held = [chunk.subarray(end + 1)]
    heldBytes = held[0].length
  }
  if (heldBytes > 0) yield batch(Buffer.concat(held))
}

function notUtf8(bytes: Buffer, first: number, where: string, cause: unknown): HydraError {
  const strict = new TextDecoder('utf-8', { fatal: true })
  let line = first
  let from = 0
  while (from < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, from)
    const to = newline < 0 ? bytes.length : newline
    try {
      strict.decode(bytes.subarray(from, to))
    } catch {
      break
    }
    from = to + 1
    line++
  }
  return new HydraError(
    'DATASET_LINE',
    {
      expected: 'text in UTF-8',
      got: 'bytes that are not UTF-8',
      remedy: 'Save the file as UTF-8 and import it again.',
      where: `${where}:${line}`,
    },
    { cause },
  )
}

function tooLong(line: number, where: string): HydraError {
  return new HydraError('DATASET_LINE', {
    expected: `lines of at most ${LONGEST_LINE / 2 ** 20} MiB`,
    got: 'a longer one',
    remedy: 'Put each record on a line of its own.',
    where: `${where}:${line}`,
  })
}
