import { figure, signed } from '../figure-words'
import type { Calibration, CardForecast, Forecast } from '../schemas/tables/forecast'

/** How forecasts of left-out cards compare with what came, in words. */
export function calibrationWords(
  { level, tasks, clusters }: Pick<Forecast, 'level' | 'tasks' | 'clusters'>,
  { n, held, error, plain }: Calibration,
): string {
  const rest = usefulWords({ error, plain })
  return `${held} of ${n} leads over frozen, of ${tasks} left-out cards in ${clusters} clusters, lie in their ${percent(level)} interval. Forecast by the other clusters they are off by ${figure(error)}, by the plain mean of the others ${figure(plain)} (root mean square): ${rest}.`
}

/** A tenth less of the mean square: what is below that is hardly worth a word. */
const TELLING = 0.95

function usefulWords({ error, plain }: Pick<Calibration, 'error' | 'plain'>): string {
  return error < TELLING * plain
    ? 'what is known of a card tells something of its lead'
    : 'what is known of a card tells next to nothing of its lead beyond that mean'
}

/** What one card may expect, by the row that is handed out where there is one. */
export function forecastWords(forecast: CardForecast): string {
  const { leads, none, tasks, clusters, needed } = forecast
  const [lead] = leads
  if (!lead) return `No forecast: ${noneWords(none ?? 'few', { clusters, needed })}.`
  const { row, expected, low, high, got } = lead
  const came = got === null ? '' : ` It was left out itself: what came is ${signed(got)}.`
  return `Expected of the ${row === 'task card' ? row : 'head that is handed out'}: ${signed(expected)} nDCG@10 over the frozen encoder, between ${signed(low)} and ${signed(high)}, from ${tasks} left-out tasks.${came}`
}

function noneWords(
  none: NonNullable<CardForecast['none']>,
  { clusters, needed }: Pick<CardForecast, 'clusters' | 'needed'>,
): string {
  const words = {
    trained: 'the run trained this card',
    few: `too few left-out tasks (${clusters} clusters of them, ${needed} are needed)`,
    'nothing left out': 'too few left-out tasks (the run left none out)',
    unscored: 'the run was scored before there were forecasts; score it again',
  }
  return words[none]
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
