/** Below this share of the scores' size, a difference is rounding. */
const ROUNDING = 1e-6

/** (score − mean) / standard deviation; equal scores all become 0. */
export function standardise(scores: Float32Array): Float32Array {
  let mean = 0
  for (const score of scores) mean += score / scores.length
  let variance = 0
  for (const score of scores) variance += (score - mean) ** 2 / scores.length
  const deviation = Math.sqrt(variance)
  if (!(deviation > ROUNDING * Math.abs(mean))) return new Float32Array(scores.length)
  return Float32Array.from(scores, (score) => (score - mean) / deviation)
}
