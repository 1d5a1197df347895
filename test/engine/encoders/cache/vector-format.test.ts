import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openVectorBlocks } from '../../../../src/main/engine/encoders/cache/vector-blocks'
import { cachedEncoder } from '../../../../src/main/engine/encoders/cache/vector-cache'
import { roundVectors } from '../../../../src/main/engine/encoders/cache/vector-codec'
import { VECTOR_FORMATS, type VectorFormat } from '../../../../src/main/engine/encoders/cache/vector-format'
import type { Encoder } from '../../../../src/main/engine/encoders/encoder'
import {
  createMatrix,
  dot,
  type Matrix,
  normalizeRows,
  row,
} from '../../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../../src/main/engine/numeric/random'
import { temporaryFolder } from '../../../temporary-folder'

const DIMENSIONS = 48
const COMPACT = VECTOR_FORMATS.filter((format) => format !== 'float32')
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `text ${i}`)

/** Seeded unit vectors, one a text, and how many texts were really encoded. */
function countingEncoder(): Encoder & { encoded: number } {
  return {
    id: 'seeded',
    sha256: '0'.repeat(64),
    fingerprint: 'a'.repeat(64),
    dimensions: DIMENSIONS,
    encoded: 0,
    async encode(texts) {
      this.encoded += texts.length
      return vectorsOf(texts)
    },
    async dispose() {},
  }
}

function vectorsOf(texts: readonly string[]): Matrix {
  const made = createMatrix(texts.length, DIMENSIONS)
  texts.forEach((text, i) => {
    const random = randomStream(7, text)
    for (let c = 0; c < DIMENSIONS; c++) made.data[i * DIMENSIONS + c] = random.normal()
  })
  return normalizeRows(made)
}

const keyOf = (text: string) => createHash('sha256').update(text).digest().toString('latin1', 0, 16)

/** Rows of components in [−1, 1], zero among them. */
const components = fc.array(
  fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
  {
    minLength: 1,
    maxLength: 5,
  },
)
const matrixOf = (rows: readonly (readonly number[])[]) =>
  createMatrix(rows.length, rows[0].length, Float32Array.from(rows.flat()))

describe('roundVectors', () => {
  it('leaves float32 as it is', () => {
    const vectors = vectorsOf(numbered(3))
    expect(roundVectors(vectors, 'float32')).toBe(vectors)
  })

  it('is within half a step of binary16: 2^-11 of a number, and 2^-25 below the normal ones', () => {
    fc.assert(
      fc.property(components, (rows) => {
        const vectors = matrixOf(rows)
        roundVectors(vectors, 'float16').data.forEach((value, i) => {
          const exact = vectors.data[i]
          expect(Math.abs(value - exact)).toBeLessThanOrEqual(Math.max(Math.abs(exact) * 2 ** -11, 2 ** -25))
        })
      }),
    )
  })

  it('keeps in int8 the length of a row, and its direction within half of a step of 1/127 in each component', () => {
    fc.assert(
      fc.property(components, (rows) => {
        const vectors = matrixOf(rows)
        const rounded = roundVectors(vectors, 'int8')
        for (let i = 0; i < vectors.rows; i++) {
          const [x, y] = [row(vectors, i), row(rounded, i)]
          const length = Math.sqrt(dot(x, x))
          // Below these numbers float32 itself has no precision left.
          if (length < 1e-30) continue
          expect(Math.sqrt(dot(y, y)) / length).toBeCloseTo(1, 5)
          // Whoever rounds each of d components by half a step at most turns the vector by an angle of this sine at most.
          const step = Math.max(...x.map(Math.abs)) / 127
          const sine = Math.min(1, ((step / 2) * Math.sqrt(x.length)) / length)
          const cosine = dot(x, y) / length ** 2
          expect(cosine).toBeGreaterThanOrEqual(Math.sqrt(1 - sine ** 2) - 1e-5)
        }
      }),
    )
  })

  it('keeps a zero vector, and lets no number that is none become one', () => {
    for (const format of COMPACT) {
      expect(roundVectors(createMatrix(1, 4), format).data).toEqual(new Float32Array(4))
      const ill = createMatrix(1, 4, Float32Array.of(0.5, Number.NaN, 0, -0.5))
      expect(roundVectors(ill, format).data.some((value) => !Number.isFinite(value))).toBe(true)
    }
  })
})

describe.each(VECTOR_FORMATS)('a cache in %s', (format) => {
  const texts = numbered(40)

  it('gives back the same rounded vectors when they are encoded and when they are read', async () => {
    const folder = await temporaryFolder()
    const first = await cachedEncoder(countingEncoder(), folder, { format }).encode(texts)
    const again = countingEncoder()
    expect(await cachedEncoder(again, folder, { format }).encode(texts)).toEqual(first)
    expect(again.encoded).toBe(0)
    expect(first).toEqual(roundVectors(vectorsOf(texts), format))
    // A few typed texts, which are not kept, are rounded as well.
    const typed = await cachedEncoder(again, folder, { format }).encode(['typed'])
    expect(typed).toEqual(roundVectors(vectorsOf(['typed']), format))
  })

  it('takes the place that its name says', async () => {
    const folder = await temporaryFolder()
    await openVectorBlocks(folder, DIMENSIONS, format).write(texts.map(keyOf), vectorsOf(texts))
    const [file] = await readdir(folder)
    const { length } = await readFile(join(folder, file))
    const bytes = { float32: 4 * DIMENSIONS, float16: 2 * DIMENSIONS, int8: DIMENSIONS + 4 }[format]
    const header = length - texts.length * (bytes + 16)
    expect(header).toBeGreaterThan(0)
    expect(header).toBeLessThan(400)
  })

  it('encodes anew what was cut off', async () => {
    const folder = await temporaryFolder()
    await cachedEncoder(countingEncoder(), folder, { format }).encode(texts)
    const [cache] = await readdir(folder)
    const [file] = await readdir(join(folder, cache))
    const path = join(folder, cache, file)
    await truncate(path, (await readFile(path)).length - 700)
    const again = countingEncoder()
    expect(await cachedEncoder(again, folder, { format }).encode(texts)).toEqual(
      roundVectors(vectorsOf(texts), format),
    )
    expect(again.encoded).toBe(texts.length)
  })

  it('never reads blocks of another format, wherever they lie', async () => {
    const folder = await temporaryFolder()
    const others = VECTOR_FORMATS.filter((other) => other !== format)
    for (const other of others)
      await cachedEncoder(countingEncoder(), folder, { format: other }).encode(texts)
    const apart = countingEncoder()
    await cachedEncoder(apart, folder, { format }).encode(texts)
    expect(apart.encoded).toBe(texts.length)
    // Moved by hand under the name of this one's own block, it is refused and written anew.
    const [mixed, block] = [join(folder, 'mixed'), await blockOf(folder, others[0])]
    await mkdir(mixed)
    await rename(block, join(mixed, block.split('/').at(-1)!))
    const keys = texts.map(keyOf)
    expect(await openVectorBlocks(mixed, DIMENSIONS, format).missing(keys)).toEqual(keys)
  })
})

async function blockOf(folder: string, format: VectorFormat): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.safetensors'))
  const ending = format === 'float32' ? 'a'.repeat(12) : format
  return join(folder, files.find((file) => file.split('/')[0].endsWith(ending))!)
}
