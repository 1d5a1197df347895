import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHead, encodeHead, type HeadOrigin } from '../../../src/main/engine/exporting/head-file'
import { FLOAT_DTYPES } from '../../../src/main/engine/formats/floats'
import { readSafetensors, writeSafetensors } from '../../../src/main/engine/formats/safetensors'
import type { AffineHead } from '../../../src/main/engine/hypernet/head'
import { illNumber } from '../../ill-number'
import { storedAs } from '../../stored-as'
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
    expect(decodeHead(encodeHead(heads, origin), 'x')).toEqual({ ...heads, origin, roundoff: 2 ** -24 })
  })

  it('says which head was handed out, and is read where it does not', () => {
    const words = 'Handed out: the task card at g = .5.'
    const said = { ...origin, handedOut: { head: 'task card' as const, strength: 0.5, words } }
    const heads = { head: square, documents: null }
    expect(decodeHead(encodeHead(heads, said), 'x').origin).toEqual(said)
    expect(decodeHead(encodeHead(heads, origin), 'x').origin.handedOut).toBeUndefined()
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

  it('in any float is read to within its rounding, which the answer says', () => {
    const { tensors, metadata } = readSafetensors(encodeHead({ head: normed, documents: normed }, origin))
    for (const [dtype, roundoff] of Object.entries(FLOAT_DTYPES)) {
      const read = decodeHead(storedAs(dtype, tensors, metadata), 'x')
      expect(read.roundoff).toBe(roundoff)
      const { data } = read.head.weight
      const widest = Math.max(...data.map((value, i) => Math.abs(value - normed.weight.data[i])))
      // Stored towards zero: twice the roundoff of rounding to the nearest.
      expect(widest).toBeLessThanOrEqual(2 * roundoff * Math.max(...normed.weight.data.map(Math.abs)))
    }
    for (const dtype of ['I8', 'F8_E4M3', 'F512']) {
      const refused = () => decodeHead(storedAs(dtype, tensors, metadata), 'x')
      expect(refused).toThrow(expect.objectContaining({ code: 'HEAD_INVALID' }))
      expect(refused).toThrow(dtype)
    }
  })

  it('with one number that is none, wherever it is, is neither written nor read', () => {
    const bytes = encodeHead({ head: normed, documents: normed }, origin)
    const names = Object.keys(readSafetensors(bytes).tensors)
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        illNumber,
        fc.constantFrom(...Object.keys(FLOAT_DTYPES)),
        (name, at, value, dtype) => {
          const { tensors, metadata } = readSafetensors(bytes.slice())
          const { data } = tensors[name]
          data[at % data.length] = value
          expect(() => decodeHead(storedAs(dtype, tensors, metadata), 'x')).toThrow(
            expect.objectContaining({ code: 'HEAD_INVALID' }),
          )
        },
      ),
    )
    const bias = normed.bias.with(1, Number.NaN)
    expect(() => encodeHead({ head: normed, documents: { ...normed, bias } }, origin)).toThrow(
      expect.objectContaining({ code: 'HEAD_INVALID' }),
    )
  })

  it.each(['parity', 'card', 'encoderSha256'])(
    'whose metadata lacks %s is refused by the same code',
    (key) => {
      const { tensors, metadata } = readSafetensors(encodeHead({ head: normed, documents: null }, origin))
      const rest = Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== key))
      expect(() => decodeHead(writeSafetensors(tensors, rest), 'x')).toThrow(
        expect.objectContaining({ code: 'HEAD_INVALID' }),
      )
    },
  )
})
