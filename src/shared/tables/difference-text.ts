/** A greatest difference as it is shown: `3.1e-7`, and `0` where there is none. */
export function differenceText(difference: number): string {
  return difference === 0 ? '0' : difference.toExponential(1)
}
