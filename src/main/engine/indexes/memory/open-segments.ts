import { type FileHandle, open } from 'node:fs/promises'
import { throwIfCancelled } from '../../../../shared/errors'
import { createMatrix, type Matrix } from '../../numeric/matrix'
import type { IndexHit, IndexSearch, Metadata } from '../index-engine'
import { createBlockScorer } from './block-scorer'
import type { ServedSegments } from './memory-store'
import { bestHits, searchBlock } from './search-block'
import { damaged, type SegmentLine, segmentLines, vectorFile } from './segment-files'

/** Of vectors that are scored together: 16,384 rows at 384 dimensions. */
const BLOCK_BYTES = 24 * 2 ** 20
/** Narrowed searches whose masks are kept: a byte a document each. */
const MOST_MASKS = 4

/** Segments as one manifest serves them, ready to be searched; one search at a time. */
export interface OpenSegments {
  search(queries: Matrix, search: IndexSearch): Promise<IndexHit[][]>
  close(): Promise<void>
}

interface Block {
  readonly file: FileHandle
  readonly path: string
  /** Row of its segment, and among all rows. */
  readonly first: number
  readonly base: number
  readonly rows: number
}

/**
 * Vectors are read block by block, the next one while the last is scored: what that takes does not grow with the index. The
 * first `heldBytes` of them stay in memory, so that an index of that size is read once. Ids are held.
 */
export async function openSegments(
  folder: string,
  { index: { dimensions }, segments }: ServedSegments,
  { heldBytes, threads }: { readonly heldBytes: number; readonly threads: number },
): Promise<OpenSegments> {
  const scorer = await createBlockScorer(dimensions, threads)
  const ids: string[] = []
  const files: FileHandle[] = []
  const blocks: Block[] = []
  const gone: number[] = []
  const blockRows = Math.max(1, Math.floor(BLOCK_BYTES / (dimensions * Float32Array.BYTES_PER_ELEMENT)))
  const closeAll = async () => {
    await scorer.dispose()
    for (const file of files) await file.close()
  }
  try {
    for (const segment of segments) {
      const path = vectorFile(folder, segment)
      const file = await open(path, 'r')
      files.push(file)
      for (const one of segment.gone) gone.push(ids.length + one)
      for (let first = 0; first < segment.rows; first += blockRows) {
        const rows = Math.min(blockRows, segment.rows - first)
        blocks.push({ file, path, first, base: ids.length + first, rows })
      }
      for await (const lines of segmentLines(folder, segment, segment.rows))
        for (const { id } of lines) ids.push(id)
    }
  } catch (thrown) {
    await closeAll()
    throw thrown
  }
  const nothingGone = new Float32Array(ids.length)
  for (const one of gone) nothingGone[one] = Number.NEGATIVE_INFINITY
  const masks = new Map<string, Float32Array>()
  const held = new Map<Block, Float32Array>()
  let free = heldBytes

  /** [documents] 0, or −∞ for what may not be found. */
  async function maskOf(where: Metadata | undefined): Promise<Float32Array> {
    const wanted = Object.entries(where ?? {})
    if (wanted.length === 0) return nothingGone
    const name = JSON.stringify(wanted)
    const known = masks.get(name)
    if (known) return known
    const mask = nothingGone.slice()
    const fits = ({ metadata }: SegmentLine) => wanted.every(([field, value]) => metadata[field] === value)
    let place = 0
    for (const segment of segments) {
      for await (const lines of segmentLines(folder, segment, segment.rows)) {
        for (const line of lines)
          if (!fits(line)) mask[place++] = Number.NEGATIVE_INFINITY
          else place++
      }
    }
    if (masks.size === MOST_MASKS) masks.delete(masks.keys().next().value as string)
    masks.set(name, mask)
    return mask
  }

  async function readBlock(block: Block, into: Float32Array): Promise<Float32Array> {
    const { file, path, first, rows } = block
    const known = held.get(block)
    if (known) return known
    const bytes = rows * dimensions * Float32Array.BYTES_PER_ELEMENT
    const keeps = free >= bytes
    const vectors = keeps ? new Float32Array(rows * dimensions) : into.subarray(0, rows * dimensions)
    const position = first * dimensions * Float32Array.BYTES_PER_ELEMENT
    const view = new Uint8Array(vectors.buffer, vectors.byteOffset, bytes)
    const { bytesRead } = await file.read(view, 0, bytes, position)
    if (bytesRead < bytes)
      throw damaged(`${position + bytes} bytes of vectors`, `${position + bytesRead}`, path)
    if (keeps) {
      free -= bytes
      held.set(block, vectors)
    }
    return vectors
  }

  async function search(queries: Matrix, { k, where, signal }: IndexSearch): Promise<IndexHit[][]> {
    const mask = await maskOf(where)
    const best = Array.from({ length: queries.rows }, () => bestHits(k))
    const isHeld = blocks.every((block) => held.has(block))
    const buffers = isHeld ? [] : [0, 1].map(() => new Float32Array(blockRows * dimensions))
    let next = blocks.length > 0 ? readBlock(blocks[0], buffers[0]) : null
    for (let b = 0; next; b++) {
      throwIfCancelled(signal)
      const block = blocks[b]
      const vectors = createMatrix(block.rows, dimensions, await next)
      next = b + 1 < blocks.length ? readBlock(blocks[b + 1], buffers[(b + 1) % 2]) : null
      // A read that fails while this block is scored is met when it is awaited.
      next?.catch(() => undefined)
      const blockMask = mask.subarray(block.base, block.base + block.rows)
      const idOf = (place: number) => ids[block.base + place]
      await searchBlock(scorer, { queries, vectors, mask: blockMask, idOf, before: block.base }, k, best)
    }
    return best.map((one) => one.ranked())
  }

  return {
    search,
    close: closeAll,
  }
}
