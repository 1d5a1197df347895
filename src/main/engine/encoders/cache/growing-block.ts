import { createMatrix } from '../../numeric/matrix'
import type { VectorBlocks } from './vector-blocks'

/** A kill costs about this much work. */
const PERIOD_MS = 10_000

export interface GrowingBlockOptions {
  /** Milliseconds between two writes; ten seconds unless said. */
  readonly periodMs?: number
  /** Fewer rows than this are not written; 1 unless said. */
  readonly least?: number
}

/** One block of a cache while its rows are made. */
export interface GrowingBlock {
  /** Takes in rows as they come, [rows, columns], and writes all so far when the last write is long ago. */
  add(rows: readonly number[], values: Float32Array): void
  /** Writes what came, and with it ends: after all rows, and just as well after a pause, a cancel or a failure. */
  close(): Promise<void>
}

/**
 * Each write has all rows so far and takes the place of the one before: a block that was interrupted is one file, however
 * long it took.
 * @param keys of all its rows
 * @param columns values of a row
 */
export function growingBlock(
  blocks: VectorBlocks,
  keys: readonly string[],
  columns: number,
  { periodMs = PERIOD_MS, least = 1 }: GrowingBlockOptions = {},
): GrowingBlock {
  const data = new Float32Array(keys.length * columns)
  const come = new Uint8Array(keys.length)
  let count = 0
  /** What lies on disk: how many rows, in which file. */
  let written = { count: 0, file: '' }
  let writing: Promise<void> | null = null
  let next = performance.now() + periodMs

  async function write(): Promise<void> {
    if (count === written.count || count < least) return
    const before = written.file
    const rows = keys.flatMap((_, row) => (come[row] ? [row] : []))
    const part = createMatrix(rows.length, columns)
    rows.forEach((row, i) => {
      part.data.set(data.subarray(row * columns, (row + 1) * columns), i * columns)
    })
    const file = await blocks.write(
      rows.map((row) => keys[row]),
      part,
    )
    written = { count: rows.length, file }
    if (before && before !== file) await blocks.remove(before)
  }

  return {
    add(rows, values) {
      rows.forEach((row, i) => {
        data.set(values.subarray(i * columns, (i + 1) * columns), row * columns)
        count += 1 - come[row]
        come[row] = 1
      })
      if (writing || performance.now() < next) return
      writing = write()
      // A failure is told by `close`; one that nobody waits for yet must not end the process.
      writing.then(
        () => {
          writing = null
          next = performance.now() + periodMs
        },
        () => {},
      )
    },
    async close() {
      await writing
      await write()
    },
  }
}
