import type { CardForecast, Forecast } from '../../../../shared/schemas/tables/forecast'
import { crossForecasts, FORECAST_LEVEL, fitForecast } from '../../statistics/conformal-forecast'
import { FORECAST_FEATURES } from './forecast-features'

/** Of fewer an interval would be the range of what was seen. */
export const CLUSTERS_NEEDED = 20

/** A card that was never trained, with what is known of it before it is judged, and what came. */
export interface ForecastRow {
  readonly task: string
  readonly examples: number
  readonly cluster: number
  readonly features: readonly number[]
  /** Lead over frozen by row of the ladder. */
  readonly leads: ReadonlyMap<string, number>
}

/** What is forecast for each left-out card by those of other clusters alone. */
export function buildForecast(rows: readonly ForecastRow[]): Forecast {
  const clusters = new Set(rows.map(({ cluster }) => cluster)).size
  const known = {
    level: FORECAST_LEVEL,
    tasks: new Set(rows.map(({ task }) => task)).size,
    clusters,
    needed: CLUSTERS_NEEDED,
    features: [...FORECAST_FEATURES],
  }
  if (clusters < CLUSTERS_NEEDED) return { ...known, rows: [], calibration: {} }
  const out = rows.map(({ task, examples, cluster, features }): Forecast['rows'][number] => ({
    task,
    examples,
    cluster,
    features: [...features],
    leads: {},
  }))
  const calibration: Forecast['calibration'] = {}
  for (const name of new Set(rows.flatMap(({ leads }) => [...leads.keys()]))) {
    const places = rows.flatMap(({ leads }, place) => (leads.has(name) ? [place] : []))
    const some = places.map((place) => rows[place])
    if (new Set(some.map(({ cluster }) => cluster)).size < CLUSTERS_NEEDED) continue
    const leads = some.map((one) => one.leads.get(name)!)
    const forecasts = crossForecasts(learned(some, leads))
    forecasts.forEach(({ plain: _, ...forecast }, i) => {
      out[places[i]].leads[name] = { lead: leads[i], ...forecast }
    })
    const missed = (of: (i: number) => number) =>
      Math.sqrt(leads.reduce((sum, lead, i) => sum + (lead - of(i)) ** 2, 0) / leads.length)
    calibration[name] = {
      n: leads.length,
      held: forecasts.filter(({ low, high }, i) => low <= leads[i] && leads[i] <= high).length,
      error: missed((i) => forecasts[i].expected),
      plain: missed((i) => forecasts[i].plain),
    }
  }
  return { ...known, rows: out, calibration }
}

function learned(
  rows: readonly { readonly features: readonly number[]; readonly cluster: number }[],
  targets: readonly number[],
) {
  return {
    features: rows.map(({ features }) => features),
    targets,
    groups: rows.map(({ cluster }) => cluster),
  }
}

/** A card that nobody has judged, by all that were left out; one that was itself left out, by those of other clusters and with what came. */
export function forecastCard(
  forecast: Forecast,
  card: { readonly features: readonly number[]; readonly task?: string; readonly examples: number },
): CardForecast {
  const { rows, calibration, level, tasks, clusters, needed } = forecast
  const itself = rows.find(({ task, examples }) => task === card.task && examples === card.examples)
  // What is handed out first: it is what a person gets.
  const names = Object.keys(calibration).sort((a, b) => Number(b === HANDED_OUT) - Number(a === HANDED_OUT))
  const leads = names.map((row) => {
    const own = itself?.leads[row]
    if (own) {
      const { lead: got, ...said } = own
      return { row, ...said, ...calibration[row], got }
    }
    const some = rows.filter(({ leads }) => leads[row])
    const said = fitForecast(
      learned(
        some,
        some.map(({ leads }) => leads[row].lead),
      ),
    )(card.features)
    return { row, ...said, ...calibration[row], got: null }
  })
  return { leads, none: leads.length > 0 ? null : 'few', level, tasks, clusters, needed }
}

const HANDED_OUT = 'handed out'
