import type { Matrix } from '../numeric/matrix'

/**
 * NumPy's .npy format, version 1.0 (NEP 1): magic, header length, a Python dict literal, then row-major values. Bytes are
 * those of `numpy.save`.
 */
const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1')
const ALIGNMENT = 64
/** NumPy leaves room for the first dimension to grow to 21 digits in place. */
const GROWTH_DIGITS = 21

export function writeNpy({ rows, columns, data }: Matrix): Uint8Array {
  return writeNpyArray([rows, columns], data)
}

/** An array of one dimension or more: float32 (little-endian), or bytes. */
export function writeNpyArray(shape: readonly number[], data: Float32Array | Uint8Array): Uint8Array {
  const dtype = data instanceof Float32Array ? '<f4' : '|u1'
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dict = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${sizes}), }`
  const text = dict + ' '.repeat(GROWTH_DIGITS - String(shape[0]).length)
  const unpadded = MAGIC.length + 2 + text.length + 1
  const start = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT
  const out = Buffer.alloc(start + data.byteLength, ' ')
  MAGIC.copy(out)
  out.writeUInt16LE(start - MAGIC.length - 2, MAGIC.length)
  out.write(text, MAGIC.length + 2, 'latin1')
  out.write('\n', start - 1, 'latin1')
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start)
  return out
}
