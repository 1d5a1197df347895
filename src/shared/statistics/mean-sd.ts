/** Mean and sample standard deviation (n − 1); null for fewer than two values. */
export function meanSd(values: readonly number[]): { readonly mean: number; readonly sd: number } | null {
  if (values.length < 2) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) }
}
