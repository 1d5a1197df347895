import type { RandomStream } from '../numeric/random'

/** A mean with its 95 % interval. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

export const BOOTSTRAP_DRAWS = 2000
export const RANDOMISATION_DRAWS = 100_000

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
  return columns.map((column, c) => withBounds(sumOf(column) / n, means[c]))
}

/**
 * The mean over strata, each once, where the units are drawn within their own stratum: so many queries of each task as it has.
 * @param columns per column the strata, each [units]; every column has the same shape
 */
export function bootstrapStrata(
  columns: readonly (readonly Float64Array[])[],
  random: RandomStream,
  draws = BOOTSTRAP_DRAWS,
): Interval[] {
  const strata = columns[0].map((_, t) => interleave(columns.map((column) => column[t])))
  const means = columns.map(() => new Float64Array(draws))
  for (let draw = 0; draw < draws; draw++) {
    for (const { units, n, width } of strata) {
      for (let i = 0; i < n; i++) {
        const from = random.integer(n) * width
        for (let c = 0; c < width; c++) means[c][draw] += units[from + c] / n / strata.length
      }
    }
  }
  return columns.map((column, c) => {
    const value = column.reduce((sum, stratum) => sum + sumOf(stratum) / stratum.length, 0) / column.length
    return withBounds(value, means[c])
  })
}

/**
 * Means where whole clusters are drawn, so that units which go together stay together; as many clusters as there are, whose
 * sizes differ, so a draw's mean is the ratio of its sum to its size (Davison and Hinkley 1997, 3.8).
 * @param columns one value per unit, each [n]  @param clusters [n] the cluster of each unit
 */
export function bootstrapClusters(
  columns: readonly Float64Array[],
  clusters: readonly number[],
  random: RandomStream,
  draws = BOOTSTRAP_DRAWS,
): Interval[] {
  const places = [...new Set(clusters)]
  const members = places.map((cluster) => clusters.flatMap((one, unit) => (one === cluster ? [unit] : [])))
  const sums = columns.map((column) =>
    Float64Array.from(members, (units) => units.reduce((sum, unit) => sum + column[unit], 0)),
  )
  const drawn = columns.map(() => new Float64Array(draws))
  for (let draw = 0; draw < draws; draw++) {
    let size = 0
    for (let i = 0; i < places.length; i++) {
      const cluster = random.integer(places.length)
      size += members[cluster].length
      for (let c = 0; c < columns.length; c++) drawn[c][draw] += sums[c][cluster]
    }
    for (const values of drawn) values[draw] /= size
  }
  return columns.map((column, c) => withBounds(sumOf(column) / column.length, drawn[c]))
}

/** The 95 % percentile interval. @param means [draws], sorted in place */
function withBounds(value: number, means: Float64Array): Interval {
  means.sort()
  return { value, low: percentile(means, 0.025), high: percentile(means, 0.975) }
}

/** Linear interpolation between order statistics, as numpy's default. @param sorted ascending */
export function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}

/** Sign patterns that are looked at together: their sums, [PATTERNS, columns], stay in the cache. */
const PATTERNS = 4096
/** Units whose signs are one byte: the sums of all 256 patterns of them are made once and then looked up. */
const CHUNK = 8
/** Up to this many units every sign pattern is tried, and the p-value is exact. */
const MOST_EXACT_UNITS = 16

/**
 * Two-sided paired randomisation tests (Fisher 1935; Smucker et al. 2007): for each column the share of sign patterns whose
 * mean difference is at least as far from 0 as the one seen. Where there are no more patterns than draws all of them are
 * tried; else `draws` random ones, the one seen counted in. All columns get the same patterns.
 * @param columns differences a − b, one per unit, each [n]
 */
export function randomisationTests(
  columns: readonly Float64Array[],
  random: RandomStream,
  draws = RANDOMISATION_DRAWS,
): number[] {
  const { units, n, width } = interleave(columns)
  const isExact = n <= MOST_EXACT_UNITS && 2 ** n <= draws
  const total = isExact ? 2 ** n : draws
  const seen = columns.map(sumOf)
  // Sums in another order differ in the last bits; equal ones must count as equal.
  const bars = seen.map((sum) => Math.abs(sum) - 1e-12 * n)
  const extreme = new Int32Array(width)
  const flipped = new Float64Array(PATTERNS * width)
  const signs = new Uint8Array(PATTERNS)
  for (let start = 0; start < total; start += PATTERNS) {
    const count = Math.min(PATTERNS, total - start)
    flipped.fill(0)
    for (let from = 0; from < n; from += CHUNK) {
      if (isExact) for (let i = 0; i < count; i++) signs[i] = (start + i) >>> from
      else randomBytes(signs, count, random)
      addFlipped(flipped, signs, count, sumsOfChunk(units, from, Math.min(CHUNK, n - from), width), width)
    }
    for (let i = 0, at = 0; i < count; i++)
      // Σ ±d = total − 2·Σ d over the units whose sign is flipped.
      // A difference that is no number is shown by nothing: every pattern counts against it.
      for (let c = 0; c < width; c++, at++) if (!(Math.abs(seen[c] - 2 * flipped[at]) < bars[c])) extreme[c]++
  }
  return Array.from(extreme, (found) => (isExact ? found / total : (found + 1) / (total + 1)))
}

/** Sums of every subset of some units, [256, width]: subset s has unit i where bit i of s is set. */
function sumsOfChunk(units: Float64Array, from: number, size: number, width: number): Float64Array {
  const sums = new Float64Array((1 << CHUNK) * width)
  for (let subset = 1; subset < 1 << CHUNK; subset++) {
    const last = 31 - Math.clz32(subset)
    const rest = (subset ^ (1 << last)) * width
    const unit = (from + last) * width
    const isThere = last < size
    for (let c = 0; c < width; c++)
      sums[subset * width + c] = sums[rest + c] + (isThere ? units[unit + c] : 0)
  }
  return sums
}

function addFlipped(
  flipped: Float64Array,
  signs: Uint8Array,
  count: number,
  sums: Float64Array,
  width: number,
): void {
  for (let i = 0, at = 0; i < count; i++) {
    const from = signs[i] * width
    for (let c = 0; c < width; c++) flipped[at++] += sums[from + c]
  }
}

/** Four bytes from one draw of 32 good bits. */
function randomBytes(bytes: Uint8Array, count: number, random: RandomStream): void {
  for (let i = 0; i < count; i += 4) {
    const word = random.next() * 4294967296
    bytes[i] = word
    bytes[i + 1] = word / 256
    bytes[i + 2] = word / 65536
    bytes[i + 3] = word / 16777216
  }
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

function sumOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
