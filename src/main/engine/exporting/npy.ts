import { HydraError } from '../../../shared/errors'
import { createMatrix, type Matrix } from '../numeric/matrix'

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

/** Reads back what `writeNpy` or `numpy.save` wrote from a C-ordered float32 matrix. */
export function readNpy(bytes: Uint8Array, where = 'npy'): Matrix {
  const fail = (expected: string, got: string): never => {
    throw new HydraError('FILE_INVALID', {
      expected,
      got,
      remedy: 'Save a C-ordered two-dimensional float32 array with numpy.save.',
      where,
    })
  }
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (file.length < MAGIC.length + 2 || !file.subarray(0, MAGIC.length).equals(MAGIC)) {
    return fail('a .npy file of version 1.0', `${file.length} bytes of another kind`)
  }
  const start = MAGIC.length + 2 + file.readUInt16LE(MAGIC.length)
  const header = file.toString('latin1', MAGIC.length + 2, start)
  const shape = /'shape': \((\d+), (\d+)\)/.exec(header)
  if (!shape || !header.includes("'descr': '<f4'") || !header.includes("'fortran_order': False")) {
    return fail("descr '<f4', fortran_order False, shape (n, d)", header.trim())
  }
  const [rows, columns] = [Number(shape[1]), Number(shape[2])]
  const wanted = rows * columns * 4
  if (file.length - start !== wanted) return fail(`${wanted} bytes of values`, `${file.length - start}`)
  // A copy, since the view must be aligned to 4 bytes (`Buffer.slice` would not copy).
  const values = new Uint8Array(bytes.subarray(start))
  return createMatrix(rows, columns, new Float32Array(values.buffer, 0, rows * columns))
}
