import { ALPHA } from './paired-statistics'
import { studentQuantile } from './student'

/** Where the uncertainty of a mean over seeds and units comes from, as standard errors of that mean. */
export interface SeedSpread {
  readonly mean: number
  /** Standard deviation, over seeds, of the mean over units. */
  readonly sd: number
  /** Standard error that other seeds, other units, and what of the one depends on the other would each leave alone. */
  readonly seeds: number
  readonly units: number
  readonly both: number
  /** The 95 % interval over other seeds and other units, by Student's t with Satterthwaite's (1946) degrees of freedom. */
  readonly low: number
  readonly high: number
}

/**
 * Variance components of scores that several seeds have on the same units: the two-way crossed random model without replication by
 * the method of moments (Searle, Casella and McCulloch 1992, 4.4), y_su = μ + seed_s + unit_u + e_su, negative estimates set to 0.
 * Where units lie in strata, each counting once, units vary within theirs: of T strata the variance of the mean by units is
 * Σ_t σ²_unit,t/n_t / T², likewise that by the rest, and what the means by seed vary beyond the rest is the seeds' own.
 * @param seeds [seeds][strata], each [units]; two seeds at least, and two units in each stratum
 */
export function seedSpread(seeds: readonly (readonly ArrayLike<number>[])[]): SeedSpread {
  const s = seeds.length
  const strata = seeds[0].map((_, t) => squaresOf(seeds.map((one) => one[t])))
  const t2 = strata.length ** 2
  const means = seeds.map((_, i) => sum(strata.map(({ bySeed }) => bySeed[i])) / strata.length)
  const mean = sum(means) / s
  const variance = sum(means.map((value) => (value - mean) ** 2)) / (s - 1)
  const rest = sum(strata.map(({ n, rest }) => rest / n / t2))
  const units = sum(strata.map((one) => Math.max(0, one.units - one.rest) / (s * one.n) / t2))
  const n = sum(strata.map((one) => one.n - 1))
  const parts = [
    { error: Math.max(0, variance - rest) / s, degrees: s - 1 },
    { error: units, degrees: n },
    { error: rest / s, degrees: (s - 1) * n },
  ]
  const all = sum(parts.map(({ error }) => error))
  const degrees = all ** 2 / sum(parts.map(({ error, degrees }) => error ** 2 / degrees))
  const margin = all > 0 ? studentQuantile(1 - ALPHA / 2, degrees) * Math.sqrt(all) : 0
  const [bySeeds, byUnits, byBoth] = parts.map(({ error }) => Math.sqrt(error))
  return {
    mean,
    sd: Math.sqrt(variance),
    seeds: bySeeds,
    units: byUnits,
    both: byBoth,
    low: mean - margin,
    high: mean + margin,
  }
}

/** Mean squares of one stratum: of its units, and of the rest. */
function squaresOf(table: readonly ArrayLike<number>[]): {
  readonly n: number
  readonly bySeed: readonly number[]
  readonly units: number
  readonly rest: number
} {
  const [s, n] = [table.length, table[0].length]
  const bySeed = table.map((values) => sum(Array.from(values)) / n)
  const byUnit = Array.from({ length: n }, (_, u) => sum(table.map((values) => values[u])) / s)
  const mean = sum(bySeed) / s
  let rest = 0
  for (let i = 0; i < s; i++)
    for (let u = 0; u < n; u++) rest += (table[i][u] - bySeed[i] - byUnit[u] + mean) ** 2
  return {
    n,
    bySeed,
    units: (s * sum(byUnit.map((value) => (value - mean) ** 2))) / (n - 1),
    rest: rest / ((s - 1) * (n - 1)),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
