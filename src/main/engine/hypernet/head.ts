import { createMatrix, type Matrix, normalizeInPlace, row } from '../numeric/matrix'

/**
 * A compiled head: f(x) = normalize(W·x + b). Every residual head folds to this, W = I + Σ_k c_k (A_k B_k)ᵀ, so a card
 * is one matrix and one vector (590 KB at d = 384), whatever network made it.
 */
export interface AffineHead {
  /** [d, d], row i makes output i: torch.nn.Linear's layout. */
  readonly weight: Matrix
  /** [d] */
  readonly bias: Float32Array
}

export interface LowRankParts {
  /** [d, K·R] */
  readonly down: Float32Array
  /** [K·R, d] */
  readonly up: Float32Array
  readonly basis: number
  readonly rank: number
}

/** Folds coefficients and basis into one matrix; sums in float64, since K·R terms meet in every entry. */
export function foldHead(coefficients: Float32Array, bias: Float32Array, parts: LowRankParts): AffineHead {
  const d = bias.length
  const inner = parts.basis * parts.rank
  const weight = createMatrix(d, d)
  const column = new Float64Array(d)
  for (let input = 0; input < d; input++) {
    column.fill(0)
    for (let j = 0; j < inner; j++) {
      const scale = parts.down[input * inner + j] * coefficients[Math.floor(j / parts.rank)]
      if (scale === 0) continue
      const from = j * d
      for (let output = 0; output < d; output++) column[output] += scale * parts.up[from + output]
    }
    column[input] += 1
    for (let output = 0; output < d; output++) weight.data[output * d + input] = column[output]
  }
  return { weight, bias: Float32Array.from(bias) }
}

/** Query vectors through a compiled head: [n, d] to [n, d], unit rows. One product of [d, d] each, about 0.1 ms. */
export function applyHead(head: AffineHead, vectors: Matrix): Matrix {
  const d = head.bias.length
  if (vectors.columns !== d) throw new RangeError(`head of ${d} dimensions, vectors of ${vectors.columns}`)
  const out = createMatrix(vectors.rows, d)
  for (let n = 0; n < vectors.rows; n++) {
    const x = row(vectors, n)
    const y = row(out, n)
    for (let i = 0; i < d; i++) {
      const from = i * d
      let sum = head.bias[i]
      for (let j = 0; j < d; j++) sum += head.weight.data[from + j] * x[j]
      y[i] = sum
    }
    normalizeInPlace(y)
  }
  return out
}
