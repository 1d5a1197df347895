/** Row-major [rows, columns] float32 matrix. The one shape in which vectors travel through the engine. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float32Array
}

/** Vectors that lie on disk and are read when they are asked for. */
export interface StoredVectors {
  readonly rows: number
  readonly columns: number
  /** Copies the given rows, one below the other. @param out [indices.length, columns] */
  read(indices: ArrayLike<number>, out: Float32Array): void
}

/** [rows, columns] in memory or, of a large collection, on disk. */
export type Vectors = Matrix | StoredVectors

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
export function gatherRows(vectors: Vectors, indices: ArrayLike<number>, buffer?: Float32Array): Matrix {
  const { columns } = vectors
  const size = indices.length * columns
  const out = buffer?.subarray(0, size) ?? new Float32Array(size)
  if (!isInMemory(vectors)) vectors.read(indices, out)
  else {
    for (let i = 0; i < indices.length; i++) {
      const from = indices[i] * columns
      out.set(vectors.data.subarray(from, from + columns), i * columns)
    }
  }
  return createMatrix(indices.length, columns, out)
}

/** Mean of the rows, [columns]; of all rows when no indices are given. Accumulated in float64. */
export function meanRow(vectors: Vectors, indices?: ArrayLike<number>): Float32Array {
  const { columns } = vectors
  const n = indices ? indices.length : vectors.rows
  const sum = new Float64Array(columns)
  const add = (data: Float32Array, from: number) => {
    for (let c = 0; c < columns; c++) sum[c] = sum[c] + data[from + c]
  }
  if (isInMemory(vectors)) {
    for (let i = 0; i < n; i++) add(vectors.data, (indices ? indices[i] : i) * columns)
  } else {
    for (const { block } of blocksOf(vectors, indices))
      for (let i = 0; i < block.rows; i++) add(block.data, i * columns)
  }
  const out = new Float32Array(columns)
  if (n > 0) for (let c = 0; c < columns; c++) out[c] = sum[c] / n
  return out
}

export function isInMemory(vectors: Vectors): vectors is Matrix {
  return 'data' in vectors
}

/** Rows on disk that are read at once: 25 MB at 384 dimensions. */
const BLOCK_ROWS = 16_384

/**
 * The rows, or those of the given indices, from first to last: in one block where they are in memory, else in several, each of
 * which is overwritten by the next.
 */
export function* blocksOf(
  vectors: Vectors,
  indices?: ArrayLike<number>,
): Generator<{ readonly first: number; readonly block: Matrix }> {
  if (isInMemory(vectors)) {
    yield { first: 0, block: indices ? gatherRows(vectors, indices) : vectors }
    return
  }
  const n = indices ? indices.length : vectors.rows
  const buffer = new Float32Array(Math.min(n, BLOCK_ROWS) * vectors.columns)
  for (let first = 0; first < n; first += BLOCK_ROWS) {
    const length = Math.min(BLOCK_ROWS, n - first)
    const rows = Int32Array.from({ length }, (_, i) => (indices ? indices[first + i] : first + i))
    yield { first, block: gatherRows(vectors, rows, buffer) }
  }
}

/** All rows in memory: a matrix is given back as it is. */
export function inMemory(vectors: Vectors): Matrix {
  if (isInMemory(vectors)) return vectors
  const out = createMatrix(vectors.rows, vectors.columns)
  for (const { first, block } of blocksOf(vectors)) out.data.set(block.data, first * vectors.columns)
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
