/** How much each further rank counts less: the first ten carry 86 % of the weight. */
const PERSISTENCE = 0.9

/**
 * Extrapolated rank-biased overlap of two rankings of equal depth k, 1 where they are the same, 0 where they share nothing
 * (Webber, Moffat and Zobel 2010, eq. 23): A_k·p^k + (1 − p)/p · Σ_{d ≤ k} A_d·p^d, A_d the share of the first d that both have.
 * Where one is shorter both are cut to it. Two empty ones are the same.
 * @param a ids, best first, each once
 */
export function rankBiasedOverlap(a: ArrayLike<number>, b: ArrayLike<number>, p = PERSISTENCE): number {
  const depth = Math.min(a.length, b.length)
  if (depth === 0) return a.length === b.length ? 1 : 0
  const [ofA, ofB] = [new Set<number>(), new Set<number>()]
  let shared = 0
  let sum = 0
  for (let d = 1; d <= depth; d++) {
    const [x, y] = [a[d - 1], b[d - 1]]
    ofA.add(x)
    ofB.add(y)
    if (x === y) shared++
    else shared += Number(ofB.has(x)) + Number(ofA.has(y))
    sum += (shared / d) * p ** d
  }
  return (shared / depth) * p ** depth + ((1 - p) / p) * sum
}
