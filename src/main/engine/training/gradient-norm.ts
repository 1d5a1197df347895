/** Euclidean norm of all gradients taken as one vector; not finite if any value is not. Summed in float64. */
export function gradientNorm(gradients: readonly Float32Array[]): number {
  let sum = 0
  for (const gradient of gradients) {
    for (let i = 0; i < gradient.length; i++) sum += gradient[i] * gradient[i]
  }
  return Math.sqrt(sum)
}

/** Scales all gradients in place so that their common norm is at most `limit` (Pascanu et al. 2013). @param norm finite */
export function clipGradients(gradients: readonly Float32Array[], norm: number, limit: number): void {
  if (norm <= limit) return
  const scale = limit / norm
  for (const gradient of gradients) {
    for (let i = 0; i < gradient.length; i++) gradient[i] *= scale
  }
}
