/**
 * Exponential moving average, its start corrected for the zero that it begins at, as TensorBoard smooths: every value is a
 * weighted mean of those so far. @param weight of what came before, 0 (the values as they are) to below 1
 */
export function smoothed(values: ArrayLike<number>, weight: number): Float64Array {
  const out = new Float64Array(values.length)
  let average = 0
  // 1 − weight^n, the weights' sum.
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    average = weight * average + (1 - weight) * values[i]
    sum = weight * sum + (1 - weight)
    out[i] = average / sum
  }
  return out
}
