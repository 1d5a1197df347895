import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type FloatDtype,
  narrowToF16,
  readFloats,
  widenHalves,
} from '../../../src/main/engine/formats/floats'

/** The tensor alone, at an odd place of a file. */
function read(dtype: FloatDtype, bytes: Uint8Array): Float32Array {
  const file = Buffer.alloc(bytes.length + 3)
  file.set(bytes, 3)
  return readFloats(file, { dtype, shape: [], begin: 3, end: file.length })
}

/** What a binary float of these widths means, by the definition: (−1)^s · 2^(e − bias) · 1.f, subnormal, infinite or NaN. */
function meaning(bits: number, exponentBits: number, fractionBits: number): number {
  const bias = 2 ** (exponentBits - 1) - 1
  const fraction = bits % 2 ** fractionBits
  const exponent = Math.floor(bits / 2 ** fractionBits) % 2 ** exponentBits
  const sign = bits >= 2 ** (exponentBits + fractionBits) ? -1 : 1
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * 2 ** (1 - bias) * (fraction / 2 ** fractionBits)
  return sign * 2 ** (exponent - bias) * (1 + fraction / 2 ** fractionBits)
}

describe('readFloats', () => {
  it.each([
    ['F16', 5, 10],
    ['BF16', 8, 7],
  ] as const)('widens all 65,536 numbers of %s exactly', (dtype, exponent, fraction) => {
    const every = Uint16Array.from({ length: 65_536 }, (_, bits) => bits)
    const got = read(dtype, new Uint8Array(every.buffer))
    const wrong = Array.from(every).filter((bits) => !Object.is(got[bits], meaning(bits, exponent, fraction)))
    expect(wrong).toEqual([])
  })

  it('rounds F64 to float32 and leaves F32 as it is', () => {
    fc.assert(
      fc.property(fc.float64Array(), (values) => {
        expect(read('F64', new Uint8Array(values.buffer, values.byteOffset, values.byteLength))).toEqual(
          Float32Array.from(values),
        )
        const single = Float32Array.from(values)
        expect(read('F32', new Uint8Array(single.buffer))).toEqual(single)
      }),
    )
  })
})

describe('narrowToF16', () => {
  it('gives each number of binary16 back', () => {
    const finite = Uint16Array.from({ length: 65_536 }, (_, bits) => bits).filter(
      (bits) => (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0,
    )
    expect(narrowToF16(widenHalves(finite, 'F16'))).toEqual(finite)
    expect(widenHalves(narrowToF16(Float32Array.of(Number.NaN)), 'F16')[0]).toBeNaN()
  })

  it('takes the nearest number, of two the even one, and infinity from 65,520 on', () => {
    const positive = Array.from({ length: 0x7c00 }, (_, bits) => meaning(bits, 5, 10))
    const halfway = positive.slice(1).map((above, i) => (above + positive[i]) / 2)
    // Exact in float32, as are their neighbours there.
    const even = narrowToF16(Float32Array.from(halfway))
    expect(Array.from(even)).toEqual(halfway.map((_, i) => i + (i % 2)))
    const nudged = (by: number) => narrowToF16(Float32Array.from(halfway, (value) => value * (1 + by)))
    expect(Array.from(nudged(2 ** -20))).toEqual(halfway.map((_, i) => i + 1))
    expect(Array.from(nudged(-(2 ** -20)))).toEqual(halfway.map((_, i) => i))
    const ends = narrowToF16(Float32Array.of(65_519, 65_520, -65_520, 1e30))
    expect(Array.from(ends)).toEqual([0x7bff, 0x7c00, 0xfc00, 0x7c00])
  })
})
