/** A finite decimal number as C's strtod reads it, or null: `0x10`, `Infinity` and the empty text are numbers to JavaScript alone. */
export function decimalNumber(text: string): number | null {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}
