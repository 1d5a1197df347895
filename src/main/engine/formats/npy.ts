import type { Matrix } from '../numeric/matrix'

/**
 * NumPy's .npy format, version 1.0 (NEP 1): magic, header length, a Python dict literal, then row-major values.
 * Only little-endian float32 of two dimensions, which is what a matrix is. Bytes are those of `numpy.save`.
 */
const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1')
const ALIGNMENT = 64
/** NumPy leaves room for the first dimension to grow to 21 digits in place. */
const GROWTH_DIGITS = 21

export function writeNpy({ rows, columns, data }: Matrix): Uint8Array {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`
  const text = dict + ' '.repeat(GROWTH_DIGITS - String(rows).length)
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
