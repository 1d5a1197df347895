import { studentQuantile } from './student'

/**
 * Mean of paired differences with the ends of its two-sided interval by Student's t (1908): mean ± t(1 − α/2, n − 1)·s/√n. No
 * ends for fewer than two. @param differences one per unit, [n]
 */
export function studentInterval(
  differences: ArrayLike<number>,
  level = 0.95,
): { readonly mean: number; readonly low: number | null; readonly high: number | null } {
  const n = differences.length
  let sum = 0
  for (let i = 0; i < n; i++) sum += differences[i]
  const mean = n > 0 ? sum / n : 0
  if (n < 2) return { mean, low: null, high: null }
  let squares = 0
  for (let i = 0; i < n; i++) squares += (differences[i] - mean) ** 2
  const margin = studentQuantile((1 + level) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n)
  return { mean, low: mean - margin, high: mean + margin }
}
