import { createHash } from 'node:crypto'
import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KEY_BYTES, openVectorBlocks } from '../../../../src/main/engine/encoders/cache/vector-blocks'
import { cachedEncoder } from '../../../../src/main/engine/encoders/cache/vector-cache'
import type { Encoder } from '../../../../src/main/engine/encoders/encoder'
import { readSafetensors } from '../../../../src/main/engine/formats/safetensors'
import { createMatrix, type Matrix } from '../../../../src/main/engine/numeric/matrix'
import { throwIfCancelled } from '../../../../src/shared/errors'

const DIMENSIONS = 32

/** An encoder whose vector is the text's own sha256 and which records what it was asked. */
function recordingEncoder(fingerprint = 'f'.repeat(64)): Encoder & { asked: string[] } {
  const asked: string[] = []
  return {
    id: 'org/recording:fp32',
    sha256: '0'.repeat(64),
    fingerprint,
    dimensions: DIMENSIONS,
    asked,
    async encode(texts, { signal, onProgress } = {}) {
      throwIfCancelled(signal)
      asked.push(...texts)
      onProgress?.(texts.length, texts.length)
      return vectorsOf(texts)
    },
    async dispose() {},
  }
}

function vectorsOf(texts: readonly string[]): Matrix {
  const data = texts.flatMap((text) => [...createHash('sha256').update(text).digest()])
  return createMatrix(texts.length, DIMENSIONS, Float32Array.from(data))
}

const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `text ${from + i}`)

let cache: string
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'hydra-vectors-'))
})
afterEach(() => rm(cache, { recursive: true }))

/** Paths of the blocks on disk. */
async function blocks(): Promise<string[]> {
  const files = await readdir(cache, { recursive: true })
  return files.filter((file) => file.endsWith('.safetensors')).map((file) => join(cache, file))
}

describe('cachedEncoder', () => {
  it('encodes each content once, over calls, instances and order', async () => {
    const first = recordingEncoder()
    const texts = [...numbered(20), 'text 3', '', '', 'é', 'e\u0301']
    const cached = cachedEncoder(first, cache)
    expect(await cached.encode(texts)).toEqual(vectorsOf(texts))
    expect(first.asked).toEqual([...numbered(20), '', 'é', 'e\u0301'])

    const second = recordingEncoder()
    const again = [...numbered(30, 10), ''].reverse()
    expect(await cachedEncoder(second, cache).encode(again)).toEqual(vectorsOf(again))
    expect(second.asked.sort()).toEqual(numbered(20, 20))
    // The first instance sees what the second has written.
    expect(await cached.encode(numbered(40))).toEqual(vectorsOf(numbered(40)))
    expect(first.asked).toHaveLength(23)
  })

  it('keeps a few texts where they are lasting, and else encodes them again', async () => {
    const encoder = recordingEncoder()
    const again = () => cachedEncoder(encoder, cache)
    await again().encode(['typed'])
    await again().encode(['typed'])
    expect(await blocks()).toEqual([])
    // Of strangers nothing stays, however many come at once.
    await again().encode(numbered(40), { lasting: false })
    expect(await blocks()).toEqual([])
    await again().encode(['a card'], { lasting: true })
    expect(await again().encode(['a card'])).toEqual(vectorsOf(['a card']))
    expect(encoder.asked).toEqual(['typed', 'typed', ...numbered(40), 'a card'])
  })

  it('keeps blocks as safetensors that anyone can read, in a folder named after the encoder', async () => {
    await cachedEncoder(recordingEncoder(), cache).encode(numbered(10))
    expect(await readdir(cache)).toEqual([`org_recording_fp32-${'f'.repeat(12)}`])
    const [block] = await blocks()
    const { tensors } = readSafetensors(await readFile(block))
    expect(tensors.hashes.shape).toEqual([10, 16])
    expect(tensors.vectors).toMatchObject({ shape: [10, DIMENSIONS], data: vectorsOf(numbered(10)).data })
    const hash = createHash('sha256').update('text 4').digest().subarray(0, 16)
    expect(Buffer.from(tensors.hashes.data.slice(64, 80) as Uint8Array)).toEqual(hash)
  })

  it('keeps encoders apart', async () => {
    await cachedEncoder(recordingEncoder('a'.repeat(64)), cache).encode(numbered(10))
    const other = recordingEncoder('b'.repeat(64))
    await cachedEncoder(other, cache).encode(numbered(10))
    expect(other.asked).toEqual(numbered(10))
  })

  it('does not keep a file for each stray query', async () => {
    const encoder = recordingEncoder()
    const cached = cachedEncoder(encoder, cache)
    for (const text of numbered(20)) await cached.encode([text])
    expect(await blocks()).toEqual([])
  })

  it('counts cached texts as done at once', async () => {
    const cached = cachedEncoder(recordingEncoder(), cache)
    await cached.encode(numbered(10))
    const progress: [number, number][] = []
    await cached.encode([...numbered(25), 'text 0'], { onProgress: (...seen) => progress.push(seen) })
    expect(progress[0]).toEqual([11, 26])
    expect(progress.at(-1)).toEqual([26, 26])
  })

  it('keeps every finished block when it is interrupted', async () => {
    const controller = new AbortController()
    const encoder = recordingEncoder()
    const texts = numbered(5000)
    const stopped = cachedEncoder(encoder, cache).encode(texts, {
      signal: controller.signal,
      onProgress: (done) => done >= 4096 && controller.abort(),
    })
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await blocks()).toHaveLength(2)
    const rest = recordingEncoder()
    expect(await cachedEncoder(rest, cache).encode(texts)).toEqual(vectorsOf(texts))
    expect(rest.asked).toEqual(texts.slice(4096))
  })

  /** Hands out vectors in chunks of 10 and looks at its signal before each; `chunk` may wait between them. */
  function chunkedEncoder(chunk: (done: number) => Promise<void> | void): Encoder & { asked: string[] } {
    const whole = recordingEncoder()
    return {
      ...whole,
      async encode(texts, { signal, onRows } = {}) {
        // Longest first, as the pool does it: not the order of the texts.
        const order = texts.map((_, row) => row).reverse()
        for (let start = 0; start < order.length; start += 10) {
          await chunk(start)
          throwIfCancelled(signal)
          const rows = order.slice(start, start + 10)
          whole.asked.push(...rows.map((row) => texts[row]))
          onRows?.(rows, vectorsOf(rows.map((row) => texts[row])).data)
        }
        return vectorsOf(texts)
      },
    }
  }

  it('keeps what was encoded of a block when it is stopped inside it, and encodes only the rest', async () => {
    const controller = new AbortController()
    const texts = numbered(1000)
    const first = chunkedEncoder((done) => {
      if (done === 400) controller.abort()
    })
    const stopped = cachedEncoder(first, cache).encode(texts, { signal: controller.signal })
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(first.asked).toHaveLength(400)
    const rest = recordingEncoder()
    const progress: number[] = []
    const onProgress = (done: number) => progress.push(done)
    expect(await cachedEncoder(rest, cache).encode(texts, { onProgress })).toEqual(vectorsOf(texts))
    expect(rest.asked).toEqual(texts.slice(0, 600))
    expect(progress[0]).toBe(400)
  })

  it('keeps what was encoded before a failure', async () => {
    const failing = chunkedEncoder((done) => {
      if (done === 100) throw new Error('the model process is gone')
    })
    await expect(cachedEncoder(failing, cache).encode(numbered(200))).rejects.toThrow('is gone')
    const rest = recordingEncoder()
    await cachedEncoder(rest, cache).encode(numbered(200))
    expect(rest.asked).toHaveLength(100)
  })

  it('loses no more than a period to a kill, and leaves one file of what took many', async () => {
    // Never answers again after 300 texts, as a process that was killed.
    let reached = () => {}
    const killed = new Promise<void>((resolve) => {
      reached = resolve
    })
    const dying = chunkedEncoder(async (done) => {
      await new Promise((resolve) => setTimeout(resolve, 4))
      if (done < 300) return
      reached()
      await new Promise(() => {})
    })
    void cachedEncoder(dying, cache, { periodMs: 0 }).encode(numbered(500))
    await killed
    await expect.poll(blocks).toHaveLength(1)
    const rest = recordingEncoder()
    expect(await cachedEncoder(rest, cache).encode(numbered(500))).toEqual(vectorsOf(numbered(500)))
    expect(rest.asked.length).toBeLessThan(500)
    expect(rest.asked.length).toBeGreaterThanOrEqual(200)
  })

  it('reads on in the larger block that took the place of one that it knew', async () => {
    const blocksOf = openVectorBlocks(cache, DIMENSIONS)
    const keys = numbered(30).map((text) =>
      createHash('sha256').update(text).digest().toString('latin1', 0, KEY_BYTES),
    )
    const part = await blocksOf.write(keys.slice(0, 10), vectorsOf(numbered(10)))
    const reader = openVectorBlocks(cache, DIMENSIONS)
    expect(await reader.read(keys, () => {})).toEqual(keys.slice(10))
    // Both are there for a moment, and read in either order.
    await blocksOf.write(keys, vectorsOf(numbered(30)))
    expect(await reader.read(keys, () => {})).toEqual([])
    await blocksOf.remove(part)
    const found = new Set<string>()
    expect(await reader.read(keys, (key) => found.add(key))).toEqual([])
    expect(found.size).toBe(30)
  })

  it.each<[string, (path: string, size: number) => Promise<void>]>([
    ['empty', (path) => truncate(path, 0)],
    ['cut off in its header', (path) => truncate(path, 60)],
    ['cut off in its vectors', (path, size) => truncate(path, size - 400)],
    ['overwritten', (path) => writeFile(path, 'not a block')],
    ['one byte off in its vectors', (path, size) => flip(path, size - 500)],
    ['one byte off in its hashes', (path, size) => flip(path, size - 5)],
    ['deleted', (path) => rm(path)],
  ])('encodes anew what a block held that is %s, and heals', async (_, damage) => {
    const warm = cachedEncoder(recordingEncoder(), cache)
    await warm.encode(numbered(10))
    const [block] = await blocks()
    const { length } = await readFile(block)
    await cachedEncoder(recordingEncoder(), cache).encode(numbered(10, 50))
    await damage(block, length)

    const fresh = recordingEncoder()
    const all = [...numbered(10), ...numbered(10, 50)]
    expect(await cachedEncoder(fresh, cache).encode(all)).toEqual(vectorsOf(all))
    expect(fresh.asked).toEqual(numbered(10))
    const healed = recordingEncoder()
    expect(await cachedEncoder(healed, cache).encode(all)).toEqual(vectorsOf(all))
    expect(healed.asked).toEqual([])
    expect(await blocks()).toHaveLength(2)
    // One that had the block open before the damage is right as well.
    expect(await warm.encode(all)).toEqual(vectorsOf(all))
  })

  it('throws away a block with a number that is none, whatever its checksum says, and encodes its texts again', async () => {
    const ill = recordingEncoder()
    const poisoned: Encoder = {
      ...ill,
      async encode(texts, options) {
        const vectors = await ill.encode(texts, options)
        vectors.data[5] = Number.NaN
        return vectors
      },
    }
    await cachedEncoder(poisoned, cache).encode(numbered(10))
    expect(await blocks()).toHaveLength(1)
    const sound = recordingEncoder()
    expect(await cachedEncoder(sound, cache).encode(numbered(10))).toEqual(vectorsOf(numbered(10)))
    expect(sound.asked).toEqual(numbered(10))
  })

  it('ignores temporary files that a crash left', async () => {
    await cachedEncoder(recordingEncoder(), cache).encode(numbered(10))
    const [block] = await blocks()
    await writeFile(`${block}.123-abcdef.tmp`, 'half a blo')
    const encoder = recordingEncoder()
    await cachedEncoder(encoder, cache).encode(numbered(10))
    expect(encoder.asked).toEqual([])
  })

  it('can be shared by writers at the same time', async () => {
    const writers = Array.from({ length: 6 }, (_, i) => ({
      texts: numbered(60, i * 10),
      encoder: recordingEncoder(),
    }))
    const got = await Promise.all(
      writers.map(({ encoder, texts }) => cachedEncoder(encoder, cache).encode(texts)),
    )
    got.forEach((vectors, i) => {
      expect(vectors).toEqual(vectorsOf(writers[i].texts))
    })
    const reader = recordingEncoder()
    expect(await cachedEncoder(reader, cache).encode(numbered(110))).toEqual(vectorsOf(numbered(110)))
    expect(reader.asked).toEqual([])
  })

  it('encodes nothing again of 20,000 texts, whichever process asks', async () => {
    const texts = numbered(20_000)
    const asked: string[] = []
    const wide: Encoder = {
      ...recordingEncoder(),
      dimensions: 384,
      async encode(part) {
        asked.push(...part)
        return createMatrix(part.length, 384)
      },
    }
    await cachedEncoder(wide, cache).encode(texts)
    expect(asked.splice(0)).toEqual(texts)
    const { rows } = await cachedEncoder(wide, cache).encode(texts)
    expect(rows).toBe(20_000)
    expect(asked).toEqual([])
  })
})

async function flip(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, position)
  byte[0] ^= 0x40
  await file.write(byte, 0, 1, position)
  await file.close()
}
