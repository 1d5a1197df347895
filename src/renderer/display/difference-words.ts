import { isShown, NO_DIFFERENCE } from '../../shared/is-shown'
import type { Difference } from '../../shared/schemas/verdict'
import { systemLabel } from '../../shared/system-name'
import { score } from './format'

/** A difference as one would say it aloud: which is better, and by how much; or that none was shown. */
export function differenceWords(
  difference: Pick<Difference, 'a' | 'b' | 'delta' | 'low' | 'high' | 'corrected'>,
): string {
  const { delta, low, high } = difference
  const [a, b] = [systemLabel(difference.a), systemLabel(difference.b)]
  if (isShown(difference))
    return `${a} is ${delta > 0 ? 'better' : 'worse'} than ${b} by ${score(Math.abs(delta))}.`
  const words = `${NO_DIFFERENCE[0].toUpperCase()}${NO_DIFFERENCE.slice(1)} between ${a} and ${b}`
  // The interval is that of one difference alone; the p-value answers for all of the table.
  return low > 0 || high < 0
    ? `${words}: its interval alone leaves zero out, but not among this many comparisons.`
    : `${words}: the interval contains zero.`
}

/** What chance alone would do, as a person would say it: the corrected p-value decides, and never an interval alone. */
export function chanceWords(corrected: number): string {
  if (!isShown({ corrected })) return `would often show as much: ${NO_DIFFERENCE}`
  return corrected < 0.001 ? 'would hardly ever show as much' : 'would seldom show as much'
}
