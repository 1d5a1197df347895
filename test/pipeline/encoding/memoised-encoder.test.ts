import { expect, it } from 'vitest'
import type { Encoder } from '../../../src/main/engine/encoders/encoder'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import { memoisedEncoder } from '../../../src/main/pipeline/encoding/memoised-encoder'

function countingEncoder() {
  const asked: string[][] = []
  const encoder: Encoder = {
    id: 'lengths',
    sha256: '',
    fingerprint: '',
    dimensions: 2,
    async encode(texts) {
      asked.push([...texts])
      return createMatrix(texts.length, 2, Float32Array.from(texts.flatMap((text) => [text.length, 1])))
    },
    dispose: async () => {},
  }
  return { asked, encoder: memoisedEncoder(encoder) }
}

it('encodes only what it does not know, and answers in the order asked', async () => {
  const { asked, encoder } = countingEncoder()
  await encoder.encode(['a', 'bb'])
  const { data } = await encoder.encode(['ccc', 'a', 'ccc', 'bb'])
  expect(asked).toEqual([['a', 'bb'], ['ccc']])
  expect([...data]).toEqual([3, 1, 1, 1, 3, 1, 2, 1])
})

it('lets a corpus pass without caching it', async () => {
  const { asked, encoder } = countingEncoder()
  const corpus = Array.from({ length: 200 }, (_, i) => `document ${i}`)
  await encoder.encode(corpus)
  await encoder.encode(corpus.slice(0, 1))
  expect(asked.map((texts) => texts.length)).toEqual([200, 1])
})

it('evicts what was asked for longest ago', async () => {
  const { asked, encoder } = countingEncoder()
  await encoder.encode(['asked', 'not asked'])
  for (let i = 0; i < 4095; i += 100) {
    await encoder.encode(Array.from({ length: Math.min(100, 4095 - i) }, (_, j) => `t${i + j}`))
    await encoder.encode(['asked'])
  }
  asked.length = 0
  await encoder.encode(['asked'])
  await encoder.encode(['not asked'])
  expect(asked).toEqual([['not asked']])
})
