import type { Difference } from './schemas/verdict'

/** The words for every difference that chance alone would show often enough. */
export const NO_DIFFERENCE = 'no difference shown'

const SIGNIFICANCE = 0.05

/** A difference counts only when its p-value, corrected for the table's family, is below .05. */
export function isShown(difference: Pick<Difference, 'p' | 'corrected'>): boolean {
  return decisiveP(difference) < SIGNIFICANCE
}

/** Verdicts of before there was a correction have none. */
export function decisiveP({ p, corrected }: Pick<Difference, 'p' | 'corrected'>): number {
  return corrected ?? p
}
