import type { TensorEntry } from './safetensors'

/** Floats that are read, each with its unit roundoff: the greatest relative error of a number that was rounded to it. */
export const FLOAT_DTYPES = { F32: 2 ** -24, F16: 2 ** -11, BF16: 2 ** -8, F64: 2 ** -53 } as const
export type FloatDtype = keyof typeof FLOAT_DTYPES

export function isFloatDtype(dtype: string): dtype is FloatDtype {
  return Object.hasOwn(FLOAT_DTYPES, dtype)
}

/** A tensor's values in float32, widened from F16 and BF16 exactly and rounded from F64. A copy. @param bytes the whole file */
export function readFloats(
  bytes: Uint8Array,
  { dtype, begin, end }: TensorEntry & { readonly dtype: FloatDtype },
): Float32Array {
  // Not bytes.slice(): of a Buffer that would be a view again, and not aligned.
  const { buffer } = new Uint8Array(bytes.subarray(begin, end))
  if (dtype === 'F32') return new Float32Array(buffer)
  if (dtype === 'F64') return Float32Array.from(new Float64Array(buffer))
  return widenHalves(new Uint16Array(buffer), dtype)
}

/** Numbers of half the width in float32, exactly. */
export function widenHalves(halves: Uint16Array, dtype: 'F16' | 'BF16'): Float32Array {
  const words = new Uint32Array(halves.length)
  if (dtype === 'BF16') for (let i = 0; i < halves.length; i++) words[i] = halves[i] << 16
  else for (let i = 0; i < halves.length; i++) words[i] = widen(halves[i])
  return new Float32Array(words.buffer)
}

/** Each number as the nearest one of binary16, of two that are as near the even one (IEEE 754-2019, 4.3.1). */
export function narrowToF16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length)
  const float = new Float32Array(1)
  const word = new Uint32Array(float.buffer)
  for (let i = 0; i < values.length; i++) {
    float[0] = values[i]
    const sign = (word[0] >>> 16) & 0x8000
    const size = word[0] & 0x7fffffff
    if (size > 0x7f800000) halves[i] = sign | 0x7e00
    else if (size >= 0x477ff000) halves[i] = sign | 0x7c00
    else if (size >= 0x38800000) halves[i] = sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13)
    else {
      // Subnormal: beside 0.5 the last bit of a float32 is worth 2^-24, as that of these is, and the sum is rounded for us.
      word[0] = size
      float[0] += 0.5
      halves[i] = sign | (word[0] - 0x3f000000)
    }
  }
  return halves
}

/** The bits of a binary16 number as those of a binary32 one (IEEE 754-2019, 3.4). */
function widen(half: number): number {
  const sign = (half & 0x8000) << 16
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13)
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13)
  if (fraction === 0) return sign
  // Subnormal: shifted until its first bit is the hidden one.
  const shift = Math.clz32(fraction) - 21
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13)
}
