/** frozen + α·(card − frozen) + β·(other − frozen), over the corpus. α = 1, β = 0 is the card alone. */
export function blendScores(
  frozen: Float32Array,
  card: Float32Array,
  other: Float32Array | null,
  { alpha, other: beta }: { readonly alpha: number; readonly other: number },
): Float32Array {
  const out = new Float32Array(frozen.length)
  for (let i = 0; i < out.length; i++) {
    const added = other && beta !== 0 ? beta * (other[i] - frozen[i]) : 0
    out[i] = frozen[i] + alpha * (card[i] - frozen[i]) + added
  }
  return out
}
