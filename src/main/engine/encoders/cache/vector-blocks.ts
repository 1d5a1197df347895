import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HydraError } from '../../../../shared/errors'
import { writeFileAtomic } from '../../../files/atomic-write'
import {
  readSafetensorsHeader,
  safetensorsDataStart,
  type TensorEntry,
  writeSafetensors,
} from '../../formats/safetensors'
import { firstNonFinite } from '../../numeric/finite'
import type { Matrix } from '../../numeric/matrix'
import { decodeVectors, encodeVectors, tensorTypes } from './vector-codec'
import { USUAL_FORMAT, type VectorFormat } from './vector-format'

/** A content hash as a latin1 string of 16 bytes. */
type ContentKey = string

export const KEY_BYTES = 16

const EXTENSION = '.safetensors'

export interface VectorBlocks {
  /** Hands each vector that is on disk to `found` and gives back the keys that are not, in their order. */
  read(
    keys: readonly ContentKey[],
    found: (key: ContentKey, vector: Float32Array) => void,
  ): Promise<ContentKey[]>
  /** The keys that are not on disk, in their order; no vector is read. */
  missing(keys: readonly ContentKey[]): Promise<ContentKey[]>
  /** Where the vectors lie of keys that were just read or written; those of the other texts of their blocks were checked as well. */
  places(keys: readonly ContentKey[]): Promise<VectorPlace[]>
  /** Row i of `vectors` under `keys[i]`, as one new block. @returns its file's name */
  write(keys: readonly ContentKey[], vectors: Matrix): Promise<string>
  /** Deletes a block by its file's name: another one has all that it held. */
  remove(file: string): Promise<void>
}

/** A row of a block. */
export interface VectorPlace {
  readonly block: Pick<Block, 'path' | 'tensors'>
  readonly row: number
}

interface Block {
  readonly number: number
  readonly path: string
  readonly keys: readonly ContentKey[]
  /** The tensors that its vectors are made of lie beside one another; their checksum. */
  readonly tensors: Readonly<Record<string, TensorEntry>>
  readonly begin: number
  readonly end: number
  readonly sha256: string
}

/** Rows of a block at most, so that a place in all blocks is one number. */
export const MOST_ROWS = 2 ** 20

/**
 * A folder of immutable safetensors files, each with `hashes` U8 [n, 16] and `vectors` [n, d] in one format, named by the
 * hash of its hashes. Blocks appear by rename, so processes can share the folder without a lock; one that is damaged, or of
 * another format or width, is deleted, which makes its texts missing and so written anew. A block may go when a larger one has
 * taken its place.
 */
export function openVectorBlocks(
  folder: string,
  dimensions: number,
  format: VectorFormat = USUAL_FORMAT,
): VectorBlocks {
  const blocks = new Map<string, Block>()
  const byNumber = new Map<number, Block>()
  let opened = 0
  /** Of each key its block's number times MOST_ROWS and its row: a number takes less than an object, and there are millions. */
  const index = new Map<ContentKey, number>()
  const blockOf = (place: number) => byNumber.get(Math.floor(place / MOST_ROWS))!

  /** Takes in what other calls and processes wrote since; of each new block only the hashes are read. */
  async function refresh(): Promise<void> {
    const names = await readdir(folder).catch(orNothing)
    const paths = new Set(names?.filter((name) => name.endsWith(EXTENSION)).map((name) => join(folder, name)))
    for (const block of blocks.values()) if (!paths.has(block.path)) forget(block)
    for (const path of paths) {
      if (blocks.has(path)) continue
      const number = opened++
      const block = await orDelete(path, () => openBlock({ number, path, dimensions, format }))
      if (!block) continue
      blocks.set(path, block)
      byNumber.set(number, block)
      place(block)
    }
  }

  function place(block: Block): void {
    block.keys.forEach((key, row) => {
      index.set(key, block.number * MOST_ROWS + row)
    })
  }

  function forget(block: Block): void {
    blocks.delete(block.path)
    const first = block.number * MOST_ROWS
    const lost = new Set(block.keys.filter((key, row) => index.get(key) === first + row))
    for (const key of lost) index.delete(key)
    byNumber.delete(block.number)
    // Two blocks may hold the same text: that of the other one counts now.
    for (const other of blocks.values()) if (other.keys.some((key) => lost.has(key))) place(other)
  }

  async function read(
    keys: readonly ContentKey[],
    found: (key: ContentKey, vector: Float32Array) => void,
  ): Promise<ContentKey[]> {
    await refresh()
    const missing = new Set<ContentKey>()
    const wanted = new Map<Block, number[]>()
    for (const key of keys) {
      const place = index.get(key)
      if (place === undefined) {
        missing.add(key)
        continue
      }
      const block = blockOf(place)
      const rows = wanted.get(block)
      if (rows) rows.push(place % MOST_ROWS)
      else wanted.set(block, [place % MOST_ROWS])
    }
    let gone = false
    for (const [block, rows] of wanted) {
      const values = await orDelete(block.path, () => readVectors(block, dimensions, format))
      if (!values) {
        forget(block)
        gone = true
      }
      for (const row of rows) {
        if (values) found(block.keys[row], values.subarray(row * dimensions, (row + 1) * dimensions))
        else missing.add(block.keys[row])
      }
    }
    const left = keys.filter((key) => missing.has(key))
    // Its place may just have been taken by a larger block.
    return gone ? read(left, found) : left
  }

  async function write(keys: readonly ContentKey[], vectors: Matrix): Promise<string> {
    if (keys.length > MOST_ROWS) throw new RangeError(`a block of ${keys.length} rows`)
    const hashes = Buffer.from(keys.join(''), 'latin1')
    const tensors = encodeVectors(vectors, format)
    const checked = createHash('sha256')
    for (const { data } of Object.values(tensors))
      checked.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    const bytes = writeSafetensors(
      { ...tensors, hashes: { dtype: 'U8', shape: [keys.length, KEY_BYTES], data: hashes } },
      { version: '1', vectors_sha256: checked.digest('hex') },
    )
    await mkdir(folder, { recursive: true })
    const file = sha256(hashes).slice(0, 24) + EXTENSION
    await writeFileAtomic(join(folder, file), bytes)
    return file
  }

  async function missing(keys: readonly ContentKey[]): Promise<ContentKey[]> {
    await refresh()
    return keys.filter((key) => !index.has(key))
  }

  async function places(keys: readonly ContentKey[]): Promise<VectorPlace[]> {
    await refresh()
    return keys.map((key) => {
      const place = index.get(key)
      if (place === undefined) throw vanished(folder)
      return { block: blockOf(place), row: place % MOST_ROWS }
    })
  }

  return { read, missing, places, write, remove: (file) => rm(join(folder, file), { force: true }) }
}

async function openBlock({
  number,
  path,
  dimensions,
  format,
}: {
  readonly number: number
  readonly path: string
  readonly dimensions: number
  readonly format: VectorFormat
}): Promise<Block> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const start = await readBytes(file, path, 0, Math.min(8, size))
    const headerEnd = Math.min(safetensorsDataStart(start, path), size)
    const header = readSafetensorsHeader(await readBytes(file, path, 0, headerEnd), path, size)
    const { hashes, ...tensors } = header.tensors
    const rows = hashes?.shape[0] ?? 0
    const typeOf = ({ dtype, shape }: TensorEntry) => `${dtype} [${shape}]`
    const expected = { hashes: `U8 [${[rows, KEY_BYTES]}]`, ...tensorTypes(format, rows, dimensions) }
    const got = Object.fromEntries(
      Object.entries(header.tensors).map(([name, entry]) => [name, typeOf(entry)]),
    )
    const list = (types: Readonly<Record<string, string>>) =>
      Object.keys(types)
        .sort()
        .map((name) => `${name} ${types[name]}`)
        .join(', ')
    if (list(got) !== list(expected)) throw damaged(path, list(expected), list(got))
    const bytes = await readBytes(file, path, hashes.begin, hashes.end)
    // Its name is the hash of its hashes.
    if (!path.endsWith(sha256(bytes).slice(0, 24) + EXTENSION)) throw damaged(path, 'its hashes', 'others')
    const keys = Array.from({ length: rows }, (_, row) =>
      bytes.toString('latin1', row * KEY_BYTES, (row + 1) * KEY_BYTES),
    )
    const parts = Object.values(tensors)
    return {
      number,
      path,
      keys,
      tensors,
      begin: Math.min(...parts.map(({ begin }) => begin)),
      end: Math.max(...parts.map(({ end }) => end)),
      sha256: header.metadata.vectors_sha256,
    }
  } finally {
    await file.close()
  }
}

async function readVectors(
  { path, tensors, begin, end, sha256: expected }: Block,
  dimensions: number,
  format: VectorFormat,
): Promise<Float32Array> {
  const file = await open(path)
  try {
    const bytes = await readBytes(file, path, begin, end)
    const got = sha256(bytes)
    if (got !== expected) throw damaged(path, `vectors with sha256 ${expected}`, got)
    const partOf = (name: string) => {
      const { begin: from, end: to } = tensors[name]
      return new Uint8Array(bytes.buffer, from - begin, to - from)
    }
    const values = decodeVectors(partOf, dimensions, format)
    const ill = firstNonFinite(values)
    if (ill) throw damaged(path, 'vectors of finite numbers', ill)
    return values
  } finally {
    await file.close()
  }
}

/** Bytes [begin, end) in a buffer of their own. */
async function readBytes(file: FileHandle, path: string, begin: number, end: number): Promise<Buffer> {
  const buffer = Buffer.from(new ArrayBuffer(end - begin))
  const { bytesRead } = await file.read(buffer, 0, buffer.length, begin)
  if (bytesRead < buffer.length) throw damaged(path, `${end} bytes`, `${begin + bytesRead}`)
  return buffer
}

/** A block that is gone or damaged is nothing; a damaged one is also deleted, so that it is looked at once only. */
async function orDelete<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof HydraError) await rm(path, { force: true })
    else orNothing(error)
    return undefined
  }
}

function orNothing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A cache may be deleted at any time. */
function vanished(where: string): HydraError {
  const remedy = 'Start again: what is missing is encoded again.'
  return new HydraError('FILE_INVALID', {
    expected: 'vectors that have just been encoded',
    got: 'a cache without them',
    remedy,
    where,
  })
}

function damaged(path: string, expected: string, got: string): HydraError {
  const remedy = 'Delete the file: its texts are encoded again.'
  return new HydraError('FILE_INVALID', { expected, got, remedy, where: path })
}
