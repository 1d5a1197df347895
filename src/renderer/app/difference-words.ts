import type { Difference } from '../../shared/verdict'
import { score } from './format'

/** A difference as one would say it aloud: which is better, by how much, and how sure one may be. */
export function differenceWords(difference: Pick<Difference, 'a' | 'b' | 'delta' | 'low' | 'high'>): string {
  const { a, b, delta, low, high } = difference
  const size = score(Math.abs(delta))
  if (low > 0) return `${a} is better than ${b} by ${size}; the whole interval is above zero.`
  if (high < 0) return `${a} is worse than ${b} by ${size}; the whole interval is below zero.`
  return `No clear difference between ${a} and ${b}: the interval contains zero.`
}
