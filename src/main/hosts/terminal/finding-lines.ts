import type { Finding } from '../../../shared/schemas/dataset'
import { wrap } from './fit-text'

/** A finding as a person reads it: severity and code, what stands there, examples, and what to do. */
export function findingLines(
  { severity, code, message, examples, remedy }: Finding,
  columns: number,
): string[] {
  const shown = examples.length > 0 ? ` E.g. ${examples.join('; ')}.` : ''
  const advice = remedy ? wrap(remedy, columns - 4).map((line) => `    ${line}`) : []
  return [...wrap(`${severity} ${code}: ${message}${shown}`, columns), ...advice]
}
