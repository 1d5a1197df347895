import { narrowToF16, widenHalves } from '../../formats/floats'
import type { WrittenTensor } from '../../formats/safetensors'
import { createMatrix, dot, type Matrix, row } from '../../numeric/matrix'
import type { VectorFormat } from './vector-format'

/** Greatest component of a row in int8. */
const MOST = 127

/**
 * The tensors that keep vectors [n, d], in the order in which they lie in a file: `vectors` F32 or F16 [n, d]; or `scales`
 * F32 [n] and `vectors` I8 [n, d], a row being its scale times its integers.
 */
export function encodeVectors(vectors: Matrix, format: VectorFormat): Record<string, WrittenTensor> {
  const { rows, columns, data } = vectors
  const shape = [rows, columns]
  switch (format) {
    case 'float32':
      return { vectors: { dtype: 'F32', shape, data } }
    case 'float16':
      return { vectors: { dtype: 'F16', shape, data: narrowToF16(data) } }
    case 'int8': {
      const scales = new Float32Array(rows)
      const integers = new Int8Array(data.length)
      for (let i = 0; i < rows; i++)
        scales[i] = quantise(row(vectors, i), integers.subarray(i * columns, (i + 1) * columns))
      return {
        scales: { dtype: 'F32', shape: [rows], data: scales },
        vectors: { dtype: 'I8', shape, data: integers },
      }
    }
  }
}

/** What `encodeVectors` makes of n vectors, as `dtype [shape]` by name. */
export function tensorTypes(format: VectorFormat, n: number, d: number): Record<string, string> {
  const { dtype, scaled } = {
    float32: { dtype: 'F32', scaled: false },
    float16: { dtype: 'F16', scaled: false },
    int8: { dtype: 'I8', scaled: true },
  }[format]
  return { vectors: `${dtype} [${[n, d]}]`, ...(scaled ? { scales: `F32 [${n}]` } : {}) }
}

/** The values of the rows. @param partOf the bytes of a tensor, F32 and F16 where they begin at a multiple of their size */
export function decodeVectors(
  partOf: (tensor: string) => Uint8Array,
  d: number,
  format: VectorFormat,
): Float32Array {
  const { buffer, byteOffset, byteLength } = partOf('vectors')
  switch (format) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, byteLength / 4)
    case 'float16':
      return widenHalves(new Uint16Array(buffer, byteOffset, byteLength / 2), 'F16')
    case 'int8': {
      const kept = partOf('scales')
      const scales = new Float32Array(kept.buffer, kept.byteOffset, kept.byteLength / 4)
      const integers = new Int8Array(buffer, byteOffset, byteLength)
      const values = new Float32Array(integers.length)
      for (let i = 0; i < scales.length; i++)
        for (let c = i * d; c < (i + 1) * d; c++) values[c] = scales[i] * integers[c]
      return values
    }
  }
}

/** Vectors as a file gives them back: what was just encoded is then the same as what is read. */
export function roundVectors(vectors: Matrix, format: VectorFormat): Matrix {
  if (format === 'float32') return vectors
  const tensors = encodeVectors(vectors, format)
  const partOf = (name: string) => {
    const { buffer, byteOffset, byteLength } = tensors[name].data
    return new Uint8Array(buffer, byteOffset, byteLength)
  }
  return createMatrix(vectors.rows, vectors.columns, decodeVectors(partOf, vectors.columns, format))
}

/**
 * Integers in the direction of a vector, its greatest component 127. @returns the scale under which they have its length,
 * so that unit vectors stay unit vectors; NaN where a component is none
 */
function quantise(vector: Float32Array, into: Int8Array): number {
  let most = 0
  for (let c = 0; c < vector.length; c++) most = Math.max(most, Math.abs(vector[c]))
  if (most === 0) return 0
  let squares = 0
  for (let c = 0; c < vector.length; c++) {
    into[c] = Math.round((vector[c] / most) * MOST)
    squares += into[c] ** 2
  }
  return Math.sqrt(dot(vector, vector) / squares)
}
