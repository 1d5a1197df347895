/** The first value that is NaN or infinite, as errors name it; null where all are finite. */
export function firstNonFinite(values: ArrayLike<number>): string | null {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return `${values[i]} at value ${i} of ${values.length}`
  }
  return null
}
