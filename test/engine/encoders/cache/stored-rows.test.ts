import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { cachedEncoder } from '../../../../src/main/engine/encoders/cache/vector-cache'
import { VECTOR_FORMATS } from '../../../../src/main/engine/encoders/cache/vector-format'
import type { Encoder } from '../../../../src/main/engine/encoders/encoder'
import { encoderByRole } from '../../../../src/main/engine/encoders/encoder-by-role'
import { prefixedEncoder } from '../../../../src/main/engine/encoders/prefixed-encoder'
import { createMatrix, gatherRows, inMemory } from '../../../../src/main/engine/numeric/matrix'
import { temporaryFolder } from '../../../temporary-folder'

/** Texts enough for two blocks of the cache. */
const TEXTS = Array.from({ length: 2100 }, (_, i) => `text ${i}`)
const DIMENSIONS = 32

const hashing: Encoder = {
  ...{ id: 'hashing', sha256: '', fingerprint: 'f'.repeat(64), dimensions: DIMENSIONS },
  async encode(texts) {
    const data = texts.flatMap((text) => [...createHash('sha256').update(text).digest()])
    return createMatrix(
      texts.length,
      DIMENSIONS,
      Float32Array.from(data, (byte) => byte / 255 - 0.5),
    )
  },
  async dispose() {},
}

describe.each(VECTOR_FORMATS)('vectors that stay on disk as %s', (format) => {
  it('are those that were encoded, in any order, and stay when the cache is deleted', async () => {
    const cache = await temporaryFolder()
    const cached = prefixedEncoder(cachedEncoder(hashing, cache, { format }), {
      query: '',
      document: 'passage: ',
    })
    const encoder = encoderByRole({ query: cached, document: cached })
    const lasting = { role: 'document', lasting: true } as const
    // A text that comes twice lies there once; the second portion has one of the first.
    const portions = [
      [...TEXTS.slice(0, 60), 'text 3'],
      [...TEXTS.slice(60), 'text 7'],
    ]
    const storing = encoder.storing!('document')
    for (const portion of portions) {
      await encoder.encode(portion, lasting)
      await storing.add(portion)
    }
    const stored = storing.vectors()
    const all = portions.flat()
    const held = await encoder.encode(all, lasting)
    await rm(cache, { recursive: true })
    expect(Buffer.from(inMemory(stored).data.buffer).equals(Buffer.from(held.data.buffer))).toBe(true)
    const drawn = [2100, 5, 5, 6, 7, 1999, 0, 60, 61, 62, 2101]
    expect(gatherRows(stored, drawn)).toEqual(gatherRows(held, drawn))
  })
})

it('texts that are no longer in the cache are asked for again', async () => {
  const cached = cachedEncoder(hashing, await temporaryFolder())
  await expect(cached.storing!().add(['never encoded'])).rejects.toMatchObject({ code: 'FILE_INVALID' })
})
