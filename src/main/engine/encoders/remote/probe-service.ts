import { dot, type Matrix, normalizeRows, row } from '../../numeric/matrix'
import type { AskService } from './ask-service'

/** Short, and unlike each other: another model, another pooling or another prefix moves all of them. */
export const PROBE_TEXTS: readonly string[] = [
  'The oak is a tree that grows slowly.',
  'How is a contract ended before its term?',
  'Die Zinsen stiegen im dritten Quartal.',
]

/**
 * Services do not repeat their vectors bit for bit: sums on a GPU depend on what else is in the batch. Of one model the same text
 * stays above .999; weights in other precision or another version do not.
 */
const LEAST_COSINE = 0.999

/** Unit vectors of the probe, [texts, width]. */
export async function probeService(
  ask: AskService,
  type: string | null,
  signal: AbortSignal | undefined,
): Promise<Matrix> {
  return normalizeRows(await ask(PROBE_TEXTS, type, signal))
}

/** How a probe differs from an earlier one, in words; null where it is the same model's. */
export function differenceOf(now: Matrix, before: Matrix): string | null {
  for (let i = 0; i < now.rows; i++) {
    const cosine = dot(row(now, i), row(before, i))
    if (!(cosine >= LEAST_COSINE))
      return `others: cosine ${cosine.toFixed(4)} for ${JSON.stringify(PROBE_TEXTS[i])}`
  }
  return null
}
