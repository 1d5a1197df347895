/** Grades are kept as float32, which holds every whole number up to this. */
const LARGEST_GRADE = 2 ** 24

/**
 * A grade of judgments: a whole number in decimal digits, as trec_eval and pytrec_eval have them, or null. `1.0`, which
 * tables of floats are full of, is 1; `1e3` is none, since C's strtol reads 1 of it.
 */
export function wholeGrade(text: string): number | null {
  if (!/^[+-]?\d+(\.0*)?$/.test(text)) return null
  const value = Number(text)
  // Zero has one sign.
  return Math.abs(value) <= LARGEST_GRADE ? value + 0 : null
}
