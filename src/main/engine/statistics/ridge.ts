/** A fitted line: what it expects of the features of one row. */
export type Predict = (features: ArrayLike<number>) => number

/**
 * Ridge regression (Hoerl and Kennard 1970): features at mean 0 and standard deviation 1, an intercept without penalty,
 * (XᵀX + λI)·w = Xᵀ(y − ȳ). A feature that does not vary says nothing and gets no weight.
 * @param rows [n][features]  @param targets [n]
 */
export function fitRidge(
  rows: readonly ArrayLike<number>[],
  targets: ArrayLike<number>,
  penalty: number,
): Predict {
  const n = rows.length
  const p = rows[0].length
  const at = (f: number) => rows.map((row) => row[f])
  const means = Array.from({ length: p }, (_, f) => at(f).reduce((sum, value) => sum + value, 0) / n)
  const scales = means.map((mean, f) => {
    const deviation = Math.sqrt(at(f).reduce((sum, value) => sum + (value - mean) ** 2, 0) / n)
    // Equal values can leave a deviation of rounding errors.
    return deviation > 1e-9 * Math.max(1, Math.abs(mean)) ? deviation : 0
  })
  const standardised = (row: ArrayLike<number>) =>
    means.map((mean, f) => (scales[f] > 0 ? (row[f] - mean) / scales[f] : 0))
  const x = rows.map(standardised)
  let level = 0
  for (let i = 0; i < n; i++) level += targets[i] / n
  const gram = means.map((_, a) =>
    means.map((_, b) => x.reduce((sum, row) => sum + row[a] * row[b], 0) + (a === b ? penalty : 0)),
  )
  const right = means.map((_, a) => x.reduce((sum, row, i) => sum + row[a] * (targets[i] - level), 0))
  const weights = solvePositive(gram, right)
  return (row) => standardised(row).reduce((sum, value, f) => sum + value * weights[f], level)
}

/** A·w = b for a symmetric positive definite A, by Cholesky's factor. */
function solvePositive(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = b.length
  const lower = a.map(() => new Array<number>(n).fill(0))
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i][j]
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k]
      lower[i][j] = i === j ? Math.sqrt(sum) : sum / lower[j][j]
    }
  const middle: number[] = []
  for (let i = 0; i < n; i++) {
    let sum = b[i]
    for (let k = 0; k < i; k++) sum -= lower[i][k] * middle[k]
    middle.push(sum / lower[i][i])
  }
  const out = new Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i--) {
    let sum = middle[i]
    for (let k = i + 1; k < n; k++) sum -= lower[k][i] * out[k]
    out[i] = sum / lower[i][i]
  }
  return out
}
