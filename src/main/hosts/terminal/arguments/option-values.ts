import { decimalNumber } from '../../../../shared/decimal-number'
import { usageError } from './usage-error'

/** A whole number within bounds, or a usage error that names the option. */
export function wholeNumber(
  text: string | undefined,
  option: string,
  low: number,
  high: number,
): number | undefined {
  if (text === undefined) return undefined
  const value = decimalNumber(text)
  if (value !== null && Number.isInteger(value) && value >= low && value <= high) return value
  throw usageError(`${option} as a whole number from ${low} to ${high}`, `“${text}”`)
}

export function decimal(
  text: string | undefined,
  option: string,
  low: number,
  high: number,
): number | undefined {
  if (text === undefined) return undefined
  const value = decimalNumber(text)
  if (value !== null && value >= low && value <= high) return value
  throw usageError(`${option} as a number from ${low} to ${high}`, `“${text}”`)
}

/** `a,b` as a list; empty parts don't count. */
export function commaList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
