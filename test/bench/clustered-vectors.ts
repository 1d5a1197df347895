import { createMatrix, type Matrix, normalizeInPlace, row } from '../../src/main/engine/numeric/matrix'
import { type RandomStream, randomStream } from '../../src/main/engine/numeric/random'

const CENTRES = 1000
/** Directions in which a cluster spreads, each less than the one before: texts differ in far fewer ways than vectors have numbers. */
const DIRECTIONS = 32
/** Length of what no direction explains, beside a centre of length 1. */
const NOISE = 0.3

/** Seeded unit vectors around a thousand centres, in portions; the same seed draws the same centres, whatever the name. */
export function* clusteredVectors(
  { rows, dimensions, seed }: { readonly rows: number; readonly dimensions: number; readonly seed: number },
  name: 'documents' | 'queries',
  portion = 2048,
): Generator<Matrix> {
  const shape = randomStream(seed, 'shape')
  const centres = normals(CENTRES, dimensions, shape)
  const directions = normals(DIRECTIONS, dimensions, shape)
  const random = randomStream(seed, name)
  const noise = NOISE * Math.sqrt(12 / dimensions)
  for (let start = 0; start < rows; start += portion) {
    const vectors = createMatrix(Math.min(portion, rows - start), dimensions)
    for (let i = 0; i < vectors.rows; i++) {
      const vector = row(vectors, i)
      vector.set(row(centres, random.integer(CENTRES)))
      for (let d = 0; d < DIRECTIONS; d++) {
        const along = random.normal() / (d + 2)
        const direction = row(directions, d)
        for (let c = 0; c < dimensions; c++) vector[c] += along * direction[c]
      }
      for (let c = 0; c < dimensions; c++) vector[c] += noise * (random.next() - 0.5)
      normalizeInPlace(vector)
    }
    yield vectors
  }
}

function normals(rows: number, dimensions: number, random: RandomStream): Matrix {
  const made = createMatrix(rows, dimensions)
  for (let i = 0; i < rows; i++) {
    const vector = row(made, i)
    for (let c = 0; c < dimensions; c++) vector[c] = random.normal()
    normalizeInPlace(vector)
  }
  return made
}
