import type { Interval } from '../../../shared/verdict'
import type { RandomStream } from '../numeric/random'

export const BOOTSTRAP_DRAWS = 2000
export const RANDOMISATION_DRAWS = 10_000

/**
 * Mean with its 95 % percentile bootstrap interval (Efron 1979; Sakai 2006 for retrieval).
 * @param values one value per unit (query or task)
 */
export function bootstrapMean(values: Float64Array, random: RandomStream, draws = BOOTSTRAP_DRAWS): Interval {
  const n = values.length
  const means = new Float64Array(draws)
  let total = 0
  for (let i = 0; i < n; i++) total += values[i]
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += values[random.integer(n)]
    means[draw] = sum / n
  }
  means.sort()
  return { value: total / n, low: percentile(means, 0.025), high: percentile(means, 0.975) }
}

/** Linear interpolation between order statistics, as numpy's default. @param sorted ascending */
export function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}

/**
 * Two-sided paired randomisation test (Fisher 1935; Smucker et al. 2007): the share of sign patterns whose mean
 * difference is at least as far from 0 as the one seen, the seen one counted in.
 * @param differences a − b, one per unit
 */
export function randomisationTest(
  differences: Float64Array,
  random: RandomStream,
  draws = RANDOMISATION_DRAWS,
): number {
  const n = differences.length
  let seen = 0
  for (let i = 0; i < n; i++) seen += differences[i]
  // Sums in another order differ in the last bits; equal ones must count as equal.
  const bar = Math.abs(seen) - 1e-12 * n
  let extreme = 1
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0
    let bits = 0
    for (let i = 0; i < n; i++) {
      // 16 signs from one draw: the stream's upper bits, of 32, are all good.
      if ((i & 15) === 0) bits = Math.floor(random.next() * 65536)
      sum += bits & 1 ? differences[i] : -differences[i]
      bits >>= 1
    }
    if (Math.abs(sum) >= bar) extreme++
  }
  return extreme / (draws + 1)
}
