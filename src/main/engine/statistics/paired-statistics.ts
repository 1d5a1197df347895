import { studentP, studentQuantile } from './student'

/** Power and level at which `detectable` is stated. */
export const POWER = 0.8
export const ALPHA = 0.05

export interface PairedStatistics {
  readonly n: number
  readonly mean: number
  /** Two-sided p of Student's paired t-test; null where the differences do not vary. */
  readonly student: number | null
  /** Cohen's d of paired samples (1988): mean over standard deviation. */
  readonly effect: number | null
  /**
   * The smallest true mean that n such differences would have shown with power .8 at α = .05, two-sided:
   * (t(1 − α/2) + t(power)) · s / √n, n − 1 degrees of freedom; within 1 % of the non-central t from n = 20 on.
   */
  readonly detectable: number | null
}

/** What a table says of paired differences beside their randomisation test. @param differences a − b, one per unit, [n] */
export function pairedStatistics(differences: Float64Array): PairedStatistics {
  const n = differences.length
  const mean = differences.reduce((sum, value) => sum + value, 0) / n
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / (n - 1))
  // Equal differences can leave a deviation of rounding errors.
  if (n < 2 || !(deviation > 1e-12 * Math.max(1, Math.abs(mean))))
    return { n, mean, student: null, effect: null, detectable: null }
  const error = deviation / Math.sqrt(n)
  const degrees = n - 1
  return {
    n,
    mean,
    student: studentP(mean / error, degrees),
    effect: mean / deviation,
    detectable: (studentQuantile(1 - ALPHA / 2, degrees) + studentQuantile(POWER, degrees)) * error,
  }
}

/**
 * The same for the mean over strata (tasks), each once, where units vary within them: variance of the mean
 * Σ_t s_t²/n_t / T², degrees of freedom after Satterthwaite (1946); effect: mean over the root of the mean variance within strata.
 * A stratum of one unit shows no variance, so with one there is nothing to say.
 * @param strata differences a − b, each [units]
 */
export function stratifiedStatistics(strata: readonly Float64Array[]): PairedStatistics {
  const n = strata.reduce((sum, { length }) => sum + length, 0)
  const parts = strata.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    return { mean, variance: squares / (values.length - 1), n: values.length }
  })
  const mean = parts.reduce((sum, part) => sum + part.mean, 0) / parts.length
  const terms = parts.map((part) => part.variance / part.n / parts.length ** 2)
  const squared = terms.reduce((sum, term) => sum + term, 0)
  const deviation = Math.sqrt(parts.reduce((sum, part) => sum + part.variance, 0) / parts.length)
  // Written so that the NaN of a stratum of one unit ends here too.
  if (!(deviation > 1e-12 * Math.max(1, Math.abs(mean))))
    return { n, mean, student: null, effect: null, detectable: null }
  const error = Math.sqrt(squared)
  const degrees = squared ** 2 / terms.reduce((sum, term, t) => sum + term ** 2 / (parts[t].n - 1), 0)
  return {
    n,
    mean,
    student: studentP(mean / error, degrees),
    effect: mean / deviation,
    detectable: (studentQuantile(1 - ALPHA / 2, degrees) + studentQuantile(POWER, degrees)) * error,
  }
}
