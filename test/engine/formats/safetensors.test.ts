import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  readSafetensors,
  readSafetensorsHeader,
  safetensorsDataStart,
  type Tensor,
  writeSafetensors,
} from '../../../src/main/engine/formats/safetensors'

const golden = new Uint8Array(readFileSync('test/fixtures/codecs/golden.safetensors'))

const size = fc.integer({ min: 0, max: 5 })
const tensor: fc.Arbitrary<Tensor> = fc.array(size, { maxLength: 3 }).chain((shape) => {
  const length = shape.reduce((product, n) => product * n, 1)
  const exactly = { minLength: length, maxLength: length }
  return fc.oneof(
    fc.float32Array(exactly).map((data) => ({ dtype: 'F32' as const, shape, data })),
    fc.int32Array(exactly).map((data) => ({ dtype: 'I32' as const, shape, data })),
    fc.uint8Array(exactly).map((data) => ({ dtype: 'U8' as const, shape, data })),
  )
})
const name = fc.string({ unit: 'binary' }).filter((key) => key !== '__metadata__')
const tensors = fc.dictionary(name, tensor, { maxKeys: 6 })
const metadata = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), { maxKeys: 4 })

/** A file from a header as text and the bytes after it. */
function file(header: string, dataBytes = 0): Uint8Array {
  const out = Buffer.alloc(8 + Buffer.byteLength(header) + dataBytes)
  out.writeBigUInt64LE(BigInt(Buffer.byteLength(header)))
  out.write(header, 8)
  return out
}

describe('safetensors', () => {
  it('writes the bytes of the Python package', () => {
    const written = writeSafetensors(
      {
        scalar: { dtype: 'I32', shape: [], data: Int32Array.of(7) },
        hashes: { dtype: 'U8', shape: [3, 7], data: Uint8Array.from({ length: 21 }, (_, i) => i) },
        b: { dtype: 'F32', shape: [3], data: Float32Array.of(-0, Number.POSITIVE_INFINITY, 2 ** -126) },
        W: { dtype: 'F32', shape: [2, 3], data: Float32Array.from({ length: 6 }, (_, i) => i / 3) },
        'naïve "name"\n\u2028😀': { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
        10: { dtype: 'I32', shape: [3], data: Int32Array.of(1, -2, 2 ** 31 - 1) },
        9: { dtype: 'I32', shape: [1, 1], data: Int32Array.of(-(2 ** 31)) },
      },
      { card: 'find the "kind"\tof é 😀' },
    )
    expect(Buffer.from(written).equals(golden)).toBe(true)
  })

  it('reads the Python package’s file', () => {
    const { tensors, metadata } = readSafetensors(golden)
    expect(metadata).toEqual({ card: 'find the "kind"\tof é 😀' })
    expect(tensors.W).toEqual({
      dtype: 'F32',
      shape: [2, 3],
      data: Float32Array.from({ length: 6 }, (_, i) => i / 3),
    })
    expect(tensors['9'].data[0]).toBe(-(2 ** 31))
    expect(tensors.scalar).toEqual({ dtype: 'I32', shape: [], data: Int32Array.of(7) })
  })

  it('gives back what was written, whatever the names, from any offset in a buffer', () => {
    fc.assert(
      fc.property(tensors, metadata, fc.integer({ min: 0, max: 7 }), (wanted, extra, shift) => {
        const written = writeSafetensors(wanted, extra)
        const shifted = Buffer.alloc(written.length + shift)
        shifted.set(written, shift)
        const read = readSafetensors(shifted.subarray(shift))
        expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(extra).sort())
        expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(wanted).sort())
        for (const [key, { dtype, shape, data }] of Object.entries(wanted)) {
          const got = read.tensors[key]
          expect(got.dtype).toBe(dtype)
          expect(got.shape).toEqual(shape)
          expect(got.data).toEqual(data)
        }
        expect(safetensorsDataStart(written) % 8).toBe(0)
      }),
    )
  })

  it('refuses every truncation and every surplus byte', () => {
    for (let length = 0; length < golden.length; length++) {
      expect(() => readSafetensors(golden.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'FILE_INVALID' }),
      )
    }
    expect(() => readSafetensors(Buffer.concat([golden, Buffer.alloc(1)]))).toThrow(
      expect.objectContaining({ code: 'FILE_INVALID' }),
    )
  })

  it('never fails on random bytes with anything but FILE_INVALID', () => {
    const header = fc.json().map((json) => file(json, 4))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), header), (bytes) => {
        try {
          readSafetensors(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'FILE_INVALID' })
        }
      }),
    )
  })

  it.each([
    ['not JSON', file('{"a":')],
    ['not an object', file('[]')],
    ['a header longer than the format allows', Buffer.from([0, 0, 0, 0, 1, 0, 0, 0, 0])],
    ['invalid UTF-8', Buffer.from([4, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xff, 0x7d])],
    ['metadata that is not text', file('{"__metadata__":{"a":1}}')],
    ['an unknown dtype', file('{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}', 8)],
    ['a dtype from the prototype', file('{"a":{"dtype":"toString","shape":[1],"data_offsets":[0,4]}}', 4)],
    ['a negative size', file('{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}}')],
    ['a shape that does not fit', file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4)],
    ['a hole', file('{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', 2)],
    [
      'an overlap',
      file(
        '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
        2,
      ),
    ],
  ])('refuses %s, naming the file', (_, bytes) => {
    expect(() => readSafetensors(bytes, 'head.safetensors')).toThrow(
      expect.objectContaining({
        code: 'FILE_INVALID',
        detail: expect.objectContaining({ where: 'head.safetensors' }),
      }),
    )
  })

  it('reads the header from the beginning of a file', () => {
    const start = safetensorsDataStart(golden.subarray(0, 8))
    const header = readSafetensorsHeader(golden.subarray(0, start), 'golden', golden.length)
    expect(header.dataStart).toBe(start)
    expect(header.tensors.hashes).toEqual({
      dtype: 'U8',
      shape: [3, 7],
      begin: golden.length - 21,
      end: golden.length,
    })
  })

  it('refuses to write a tensor whose shape does not fit its values', () => {
    expect(() => writeSafetensors({ a: { dtype: 'F32', shape: [2, 2], data: new Float32Array(3) } })).toThrow(
      RangeError,
    )
  })
})
