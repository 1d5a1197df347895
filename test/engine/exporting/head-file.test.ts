import { describe, expect, it } from 'vitest'
import { decodeHead, encodeHead, type HeadOrigin } from '../../../src/main/engine/exporting/head-file'
import { readSafetensors, writeSafetensors } from '../../../src/main/engine/formats/safetensors'
import type { AffineHead } from '../../../src/main/engine/hypernet/head'
import { unitRows } from '../tiny-task'

const origin: HeadOrigin = {
  run: 'run',
  dataset: 'finds',
  card: { version: 1, id: 'animals', name: 'Animals', description: 'find animals', examples: [] },
  encoder: 'all-MiniLM-L6-v2',
  encoderSha256: 'ab',
  parity: 1e-7,
}
const vector = (size: number) => Float32Array.from({ length: size }, (_, i) => i / size)
const square: AffineHead = { weight: unitRows(6, 6, 1), bias: vector(6) }
const normed: AffineHead = {
  weight: unitRows(4, 6, 2),
  bias: vector(4),
  norm: { scale: vector(4), shift: vector(4) },
}

describe('a head file', () => {
  it.each([
    { head: square, documents: null },
    { head: normed, documents: normed },
    { head: normed, documents: { weight: unitRows(4, 6, 3), bias: vector(4) } },
  ])('gives back what was written', (heads) => {
    expect(decodeHead(encodeHead(heads, origin), 'x')).toEqual({ ...heads, origin })
  })

  it('holds only W and b where that is all', () => {
    const { tensors } = readSafetensors(encodeHead({ head: square, documents: null }, origin))
    expect(Object.keys(tensors).sort()).toEqual(['W', 'b'])
  })

  it.each(['W', 'b', 'norm.shift', 'documents.b'])('without %s is refused', (name) => {
    const { tensors, metadata } = readSafetensors(encodeHead({ head: normed, documents: normed }, origin))
    const rest = Object.fromEntries(Object.entries(tensors).filter(([key]) => key !== name))
    expect(() => decodeHead(writeSafetensors(rest, metadata), 'x')).toThrow(
      expect.objectContaining({ code: 'HEAD_INVALID' }),
    )
  })
})
