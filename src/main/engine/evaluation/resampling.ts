import type { Interval } from '../../../shared/verdict'
import type { RandomStream } from '../numeric/random'

export const BOOTSTRAP_DRAWS = 2000
export const RANDOMISATION_DRAWS = 5000

/**
 * Means with their 95 % percentile bootstrap intervals (Efron 1979; Sakai 2006 for retrieval). All columns are resampled
 * together, so that intervals of one table stand on the same draws and cost one stream of random numbers.
 * @param columns one value per unit (query or task), each [n]
 */
export function bootstrapMeans(
  columns: readonly Float64Array[],
  random: RandomStream,
  draws = BOOTSTRAP_DRAWS,
): Interval[] {
  const { units, n, width } = interleave(columns)
  const sums = new Float64Array(width)
  const means = columns.map(() => new Float64Array(draws))
  for (let draw = 0; draw < draws; draw++) {
    sums.fill(0)
    for (let i = 0; i < n; i++) {
      const from = random.integer(n) * width
      for (let c = 0; c < width; c++) sums[c] += units[from + c]
    }
    for (let c = 0; c < width; c++) means[c][draw] = sums[c] / n
  }
  return columns.map((column, c) => {
    const sorted = means[c].sort()
    return { value: total(column) / n, low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) }
  })
}

export function bootstrapMean(values: Float64Array, random: RandomStream, draws = BOOTSTRAP_DRAWS): Interval {
  return bootstrapMeans([values], random, draws)[0]
}

/** Linear interpolation between order statistics, as numpy's default. @param sorted ascending */
export function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}

/**
 * Two-sided paired randomisation tests (Fisher 1935; Smucker et al. 2007): for each column the share of sign patterns whose
 * mean difference is at least as far from 0 as the one seen, the seen one counted in.
 * @param columns differences a − b, one per unit, each [n]
 */
export function randomisationTests(
  columns: readonly Float64Array[],
  random: RandomStream,
  draws = RANDOMISATION_DRAWS,
): number[] {
  const { units, n, width } = interleave(columns)
  const seen = columns.map(total)
  // Sums in another order differ in the last bits; equal ones must count as equal.
  const bars = seen.map((sum) => Math.abs(sum) - 1e-12 * n)
  const extreme = new Int32Array(width).fill(1)
  const flipped = new Float64Array(width)
  for (let draw = 0; draw < draws; draw++) {
    // Σ ±d = total − 2·Σ d over the units whose sign is flipped.
    flipped.fill(0)
    let bits = 0
    for (let i = 0; i < n; i++) {
      // 16 signs from one draw of 32 good bits.
      if ((i & 15) === 0) bits = Math.floor(random.next() * 65536)
      const flip = bits & 1
      bits >>= 1
      const from = i * width
      for (let c = 0; c < width; c++) flipped[c] += flip * units[from + c]
    }
    for (let c = 0; c < width; c++) if (Math.abs(seen[c] - 2 * flipped[c]) >= bars[c]) extreme[c]++
  }
  return Array.from(extreme, (count) => count / (draws + 1))
}

export function randomisationTest(
  differences: Float64Array,
  random: RandomStream,
  draws = RANDOMISATION_DRAWS,
): number {
  return randomisationTests([differences], random, draws)[0]
}

/** The columns as rows, [n, width]: one unit's values lie together. */
function interleave(columns: readonly Float64Array[]): { units: Float64Array; n: number; width: number } {
  const n = columns[0].length
  const width = columns.length
  const units = new Float64Array(n * width)
  columns.forEach((column, c) => {
    for (let i = 0; i < n; i++) units[i * width + c] = column[i]
  })
  return { units, n, width }
}

function total(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
