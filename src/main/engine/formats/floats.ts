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
  const halves = new Uint16Array(buffer)
  const words = Uint32Array.from(halves, dtype === 'BF16' ? (half) => half << 16 : widen)
  return new Float32Array(words.buffer)
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
