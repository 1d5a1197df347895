import type { Difference } from './schemas/verdict'

/** The words for every difference that chance alone would show often enough. */
export const NO_DIFFERENCE = 'no difference shown'

const SIGNIFICANCE = 0.05

/** A difference counts only when its p-value, corrected for the table's family, is below .05. */
export function isShown({ corrected }: Pick<Difference, 'corrected'>): boolean {
  return corrected < SIGNIFICANCE
}
