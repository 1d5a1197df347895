import { fitRidge, type Predict } from './ridge'

/** Rows that a forecast learns from, [n] each. */
export interface ForecastRows {
  /** [n][features] */
  readonly features: readonly (readonly number[])[]
  readonly targets: readonly number[]
  /** Rows of one group are left out together: what is alike must not vouch for itself. */
  readonly groups: readonly number[]
}

export interface Forecast {
  readonly expected: number
  readonly low: number
  readonly high: number
}

/** Share of new rows that an interval is meant to hold. */
export const FORECAST_LEVEL = 0.9
const PENALTIES = [1, 10, 100, 1000, 10_000] as const
/** More folds would cost more than they tell. */
const MOST_FOLDS = 20

/**
 * A ridge regression, its penalty chosen by cross-validation over groups, and intervals by CV+ (Barber, Candès, Ramdas and
 * Tibshirani 2021): of μ₋ₖ₍ᵢ₎(x) ∓ |yᵢ − μ₋ₖ₍ᵢ₎(xᵢ)| over all rows i, each through the fold that left it out, the ⌊α(n + 1)⌋-th and
 * ⌈(1 − α)(n + 1)⌉-th smallest. Nothing is drawn: group after group goes to the folds in turn.
 */
export function fitForecast(rows: ForecastRows): (features: readonly number[]) => Forecast {
  const { features, targets } = rows
  const folds = foldsOf(rows.groups)
  const foldAt = targets.map((_, i) => folds.findIndex((fold) => fold.has(i)))
  const fitted = PENALTIES.map((penalty) => {
    const models = folds.map((fold) => fitWithout(rows, fold, penalty))
    const errors = targets.map((target, i) => Math.abs(target - models[foldAt[i]](features[i])))
    return { penalty, models, errors, loss: errors.reduce((sum, error) => sum + error ** 2, 0) }
  })
  // Of equally good ones that which trusts the features least.
  const best = fitted.reduce((kept, one) => (one.loss <= kept.loss ? one : kept))
  const expect = fitRidge(features, targets, best.penalty)
  const n = targets.length
  const alpha = 1 - FORECAST_LEVEL
  const rank = (place: number) => Math.min(n, Math.max(1, place)) - 1
  return (x) => {
    const centres = best.models.map((model) => model(x))
    const lows = best.errors.map((error, i) => centres[foldAt[i]] - error).sort((a, b) => a - b)
    const highs = best.errors.map((error, i) => centres[foldAt[i]] + error).sort((a, b) => a - b)
    return {
      expected: expect(x),
      low: lows[rank(Math.floor(alpha * (n + 1) + EXACT))],
      high: highs[rank(Math.ceil(FORECAST_LEVEL * (n + 1) - EXACT))],
    }
  }
}

/** .1 · 20 is 2 and not 2.0000000000000004. */
const EXACT = 1e-9

/** What is forecast for each row by rows of other folds alone, penalty and all, and what their plain mean would have been. */
export function crossForecasts(rows: ForecastRows): (Forecast & { readonly plain: number })[] {
  const { features, targets, groups } = rows
  const out = new Array<Forecast & { readonly plain: number }>(targets.length)
  for (const fold of foldsOf(groups)) {
    const rest = targets.flatMap((_, i) => (fold.has(i) ? [] : [i]))
    const forecast = fitForecast({
      features: rest.map((i) => features[i]),
      targets: rest.map((i) => targets[i]),
      groups: rest.map((i) => groups[i]),
    })
    const plain = rest.reduce((sum, i) => sum + targets[i], 0) / rest.length
    for (const i of fold) out[i] = { ...forecast(features[i]), plain }
  }
  return out
}

/** Places of the rows of each fold. */
function foldsOf(groups: readonly number[]): ReadonlySet<number>[] {
  const distinct = [...new Set(groups)]
  const count = Math.min(MOST_FOLDS, distinct.length)
  const foldOf = new Map(distinct.map((group, i) => [group, i % count]))
  return Array.from(
    { length: count },
    (_, fold) => new Set(groups.flatMap((group, i) => (foldOf.get(group) === fold ? [i] : []))),
  )
}

function fitWithout(
  { features, targets }: ForecastRows,
  fold: ReadonlySet<number>,
  penalty: number,
): Predict {
  const rest = targets.flatMap((_, i) => (fold.has(i) ? [] : [i]))
  return fitRidge(
    rest.map((i) => features[i]),
    rest.map((i) => targets[i]),
    penalty,
  )
}
