/**
 * Holm's step-down correction (1979): p-values such that calling those below α true makes any false call in the whole family
 * with probability α at most. Needs no independence. @param ps one p-value each, in any order
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).sort((a, b) => ps[a] - ps[b])
  const corrected = new Array<number>(ps.length)
  let highest = 0
  order.forEach((index, place) => {
    highest = Math.max(highest, Math.min(1, (ps.length - place) * ps[index]))
    corrected[index] = highest
  })
  return corrected
}
