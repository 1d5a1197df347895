/** Row-major [rows, columns] float32 matrix. The one shape in which vectors travel through the engine. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float32Array
}

export function createMatrix(
  rows: number,
  columns: number,
  data: Float32Array = new Float32Array(rows * columns),
): Matrix {
  if (data.length !== rows * columns) {
    throw new RangeError(`matrix [${rows}, ${columns}] needs ${rows * columns} values, got ${data.length}`)
  }
  return { rows, columns, data }
}

/** A view of one row, [columns]: shares memory with the matrix. */
export function row(matrix: Matrix, index: number): Float32Array {
  return matrix.data.subarray(index * matrix.columns, (index + 1) * matrix.columns)
}

/**
 * The given rows as a matrix [indices.length, columns].
 * @param buffer where to put them, at least as many values; new when not given
 */
export function gatherRows(matrix: Matrix, indices: ArrayLike<number>, buffer?: Float32Array): Matrix {
  const { columns } = matrix
  const size = indices.length * columns
  const out = buffer?.subarray(0, size) ?? new Float32Array(size)
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i] * columns
    out.set(matrix.data.subarray(from, from + columns), i * columns)
  }
  return createMatrix(indices.length, columns, out)
}

/** Mean of the rows, [columns]; of all rows when no indices are given. Accumulated in float64. */
export function meanRow(matrix: Matrix, indices?: ArrayLike<number>): Float32Array {
  const { columns, data } = matrix
  const n = indices ? indices.length : matrix.rows
  const sum = new Float64Array(columns)
  for (let i = 0; i < n; i++) {
    const from = (indices ? indices[i] : i) * columns
    for (let c = 0; c < columns; c++) sum[c] = sum[c] + data[from + c]
  }
  const out = new Float32Array(columns)
  if (n > 0) for (let c = 0; c < columns; c++) out[c] = sum[c] / n
  return out
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** Scales the vector to unit length in place; a zero vector stays zero. */
export function normalizeInPlace(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector))
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] = vector[i] / length
  return vector
}

/** Brings every row to unit length in place; a zero row stays zero. */
export function normalizeRows(matrix: Matrix): Matrix {
  for (let i = 0; i < matrix.rows; i++) normalizeInPlace(row(matrix, i))
  return matrix
}

/** The rows of several matrices of the same columns, one below the other; a single one is not copied. */
export function stackRows(matrices: readonly Matrix[]): Matrix {
  if (matrices.length === 1) return matrices[0]
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0)
  const out = createMatrix(rows, matrices[0].columns)
  let offset = 0
  for (const { data } of matrices) {
    out.data.set(data, offset)
    offset += data.length
  }
  return out
}

/** [d] mean of vectors, each once. */
export function meanOfVectors(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(vectors[0].length)
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i] += vector[i]
  return Float32Array.from(sum, (value) => value / vectors.length)
}
