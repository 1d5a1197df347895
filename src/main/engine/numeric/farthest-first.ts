import { dot, type Matrix, row } from './matrix'

/**
 * Rows that are far from each other: each next one is the row whose nearest chosen row is farthest away (Gonzalez 1985, the
 * 2-approximation of k-center). Of rows equally far the first. Rows are unit vectors, so inner products order distances.
 * @param begun how many rows at the beginning are chosen already and not returned; with 0 the first row is the first choice
 * @returns at most `count` row numbers, in the order of choice
 */
export function farthestFirst(vectors: Matrix, count: number, begun = 0): number[] {
  const nearest = new Float32Array(vectors.rows).fill(Number.NEGATIVE_INFINITY)
  const taken = new Uint8Array(vectors.rows)
  const take = (chosen: number) => {
    taken[chosen] = 1
    const vector = row(vectors, chosen)
    for (let i = 0; i < vectors.rows; i++) nearest[i] = Math.max(nearest[i], dot(vector, row(vectors, i)))
  }
  for (let i = 0; i < begun; i++) take(i)
  const found: number[] = []
  while (found.length < count) {
    let next = -1
    for (let i = 0; i < vectors.rows; i++) {
      if (!taken[i] && (next < 0 || nearest[i] < nearest[next])) next = i
    }
    if (next < 0) break
    take(next)
    found.push(next)
  }
  return found
}
