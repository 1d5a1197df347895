import { createMatrix, type Matrix, normalizeInPlace, row } from '../numeric/matrix'

/** Added to the variance under the root; PyTorch's default. */
export const LAYER_NORM_EPSILON = 1e-5

/**
 * A compiled head: f(x) = normalize(W·x + b), or normalize(LayerNorm(W·x + b)). Every head folds to this, so a card is one
 * matrix and one vector (590 KB at d = 384), whatever network made it.
 */
export interface AffineHead {
  /** [outputs, d], row i makes output i: torch.nn.Linear's layout. */
  readonly weight: Matrix
  /** [outputs] */
  readonly bias: Float32Array
  /** Scale and shift after layer normalisation, [outputs] each; absent: no normalisation. */
  readonly norm?: { readonly scale: Float32Array; readonly shift: Float32Array }
}

/** Vectors through a compiled head: [n, d] to [n, outputs], unit rows. One product of [outputs, d] each, about 0.1 ms. */
export function applyHead(head: AffineHead, vectors: Matrix): Matrix {
  const out = affineRows(head, vectors)
  for (let n = 0; n < out.rows; n++) {
    const y = row(out, n)
    if (head.norm) layerNormInPlace(y, head.norm)
    normalizeInPlace(y)
  }
  return out
}

/** W·x + b of each row, [n, d] to [n, outputs]: before any normalisation. */
export function affineRows({ weight, bias }: AffineHead, vectors: Matrix): Matrix {
  const { rows: outputs, columns: d, data } = weight
  if (vectors.columns !== d) throw new RangeError(`head of ${d} dimensions, vectors of ${vectors.columns}`)
  const out = createMatrix(vectors.rows, outputs)
  for (let n = 0; n < vectors.rows; n++) {
    const x = row(vectors, n)
    const y = row(out, n)
    for (let i = 0; i < outputs; i++) {
      const from = i * d
      let sum = bias[i]
      for (let j = 0; j < d; j++) sum += data[from + j] * x[j]
      y[i] = sum
    }
  }
  return out
}

/** What comes after the product W·x: bias, layer normalisation where the head has one, unit length. In place. @param rows [n, outputs] */
export function finishRows(head: AffineHead, rows: Matrix): Matrix {
  for (let n = 0; n < rows.rows; n++) {
    const y = row(rows, n)
    for (let i = 0; i < y.length; i++) y[i] += head.bias[i]
    if (head.norm) layerNormInPlace(y, head.norm)
    normalizeInPlace(y)
  }
  return rows
}

function layerNormInPlace(y: Float32Array, { scale, shift }: NonNullable<AffineHead['norm']>): void {
  let sum = 0
  for (const value of y) sum += value
  const mean = sum / y.length
  let squares = 0
  for (const value of y) squares += (value - mean) ** 2
  const deviation = Math.sqrt(squares / y.length + LAYER_NORM_EPSILON)
  for (let i = 0; i < y.length; i++) y[i] = ((y[i] - mean) / deviation) * scale[i] + shift[i]
}
