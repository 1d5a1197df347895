import { createMatrix, type Matrix } from '../src/main/engine/numeric/matrix'

/** NumPy's .npy format, version 1.0, as `numpy.save` writes a C-ordered float32 matrix. */
export function readNpy(bytes: Uint8Array): Matrix {
  const file = Buffer.from(bytes)
  if (file.toString('latin1', 0, 8) !== '\x93NUMPY\x01\x00') throw new Error('no .npy file of version 1.0')
  const start = 10 + file.readUInt16LE(8)
  const header = file.toString('latin1', 10, start)
  const [, rows, columns] =
    /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \} *\n$/.exec(header) ?? []
  const values = Uint8Array.from(file.subarray(start))
  return createMatrix(Number(rows), Number(columns), new Float32Array(values.buffer))
}
