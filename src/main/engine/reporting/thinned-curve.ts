import type { TrainingCurve } from './training-curves'

/**
 * What a chart shows of a long curve: its first and last point, and the least and the greatest of each of equally long stretches
 * between them, in the order of their steps. No peak is lost, whatever the width.
 * @param most points that may be left, at least 4; a curve of no more stays as it is
 */
export function thinnedCurve(curve: TrainingCurve, most: number): TrainingCurve {
  const { length, step, seconds, value } = curve
  if (length <= most) return curve
  const kept: number[] = [0]
  const stretches = Math.floor((most - 2) / 2)
  for (let i = 0; i < stretches; i++) {
    const from = 1 + Math.floor((i * (length - 2)) / stretches)
    const to = 1 + Math.floor(((i + 1) * (length - 2)) / stretches)
    let [least, greatest] = [from, from]
    for (let at = from + 1; at < to; at++) {
      if (value[at] < value[least]) least = at
      if (value[at] > value[greatest]) greatest = at
    }
    kept.push(Math.min(least, greatest))
    if (least !== greatest) kept.push(Math.max(least, greatest))
  }
  kept.push(length - 1)
  return {
    length: kept.length,
    step: Int32Array.from(kept, (at) => step[at]),
    seconds: Float32Array.from(kept, (at) => seconds[at]),
    value: Float32Array.from(kept, (at) => value[at]),
  }
}
