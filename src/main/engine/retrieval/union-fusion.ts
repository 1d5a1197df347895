import { topK } from './top-k'

/** Documents of each system over whose union the scores are scaled. */
const FIRST = 1000
/** How far below the lowest fused score the first document outside the union stands. */
const GAP = 1e-3

/** The scale of some systems: what depends on which of them have a weight, and not on the weights. */
interface UnionScale {
  /** The union, in the order of the corpus. */
  readonly documents: Int32Array
  /** [systems] of [union] in [0, 1] */
  readonly values: readonly Float64Array[]
  /** [documents] outside the union what stands there, below 0; else −∞. */
  readonly outside: Float64Array
}

/**
 * Σ wᵢ · (sᵢ − minᵢ) / (maxᵢ − minᵢ), minimum and maximum over the union of the first 1,000 documents of every system whose
 * weight is above 0. A document at a system's lowest score of the corpus is none of its first: of BM25 that is one without a
 * common word. Documents outside the union stand below all others, in the order of the first system that has a weight. A
 * system that says the same of the whole union adds nothing; one that is alone keeps its ranking, to the last document.
 *
 * Bruch, Gai and Ingber, An analysis of fusion functions for hybrid retrieval, ACM TOIS 42(1), 2023: a convex combination
 * with scores of the union known for both systems.
 * @param rows [systems] of [documents]; −∞ in one of them: a document that may not be found
 * @returns in double precision: rounding makes no two documents equal whose scores differ by more than 2^−50 of the range
 */
export function unionFusion(
  rows: readonly Float32Array[],
  tieOrder: Int32Array,
): (weights: readonly number[]) => Float64Array {
  const firsts = rows.map((): Int32Array | null => null)
  const scales = new Map<string, UnionScale>()
  const out = new Float64Array(rows[0].length)
  return (weights) => {
    if (weights.length !== rows.length) throw new RangeError('fusion needs one weight for each row')
    const taken = weights.flatMap((weight, system) => (weight > 0 ? [system] : []))
    if (taken.length === 0) throw new RangeError('fusion needs a weight above 0')
    let scale = scales.get(taken.join())
    if (!scale) {
      for (const system of taken) firsts[system] ??= firstOf(rows[system], tieOrder)
      scale = unionScale(
        taken.map((system) => rows[system]),
        taken.map((system) => firsts[system]!),
      )
      scales.set(taken.join(), scale)
    }
    const { documents, values, outside } = scale
    out.set(outside)
    for (let place = 0; place < documents.length; place++) {
      let sum = 0
      for (let t = 0; t < taken.length; t++) sum += weights[taken[t]] * values[t][place]
      out[documents[place]] = sum
    }
    return out
  }
}

/** The first documents of a row, in any order. */
function firstOf(row: Float32Array, tieOrder: Int32Array): Int32Array {
  let lowest = Number.POSITIVE_INFINITY
  for (const score of row) if (score < lowest && score !== Number.NEGATIVE_INFINITY) lowest = score
  return topK(row, FIRST, tieOrder).filter((document) => row[document] > lowest)
}

const OUTSIDE = 0
const INSIDE = 1
const BARRED = 2

function unionScale(rows: readonly Float32Array[], firsts: readonly Int32Array[]): UnionScale {
  const places = new Uint8Array(rows[0].length)
  for (const first of firsts) for (const document of first) places[document] = INSIDE
  for (const row of rows)
    for (let d = 0; d < row.length; d++) if (row[d] === Number.NEGATIVE_INFINITY) places[d] = BARRED
  const documents = placed(places, INSIDE)
  const ends = rows.map((row) => endsOf(row, documents))
  return {
    documents,
    values: rows.map((row, system) => {
      const { low, factor } = ends[system]
      const values = new Float64Array(documents.length)
      for (let place = 0; place < values.length; place++)
        values[place] = (row[documents[place]] - low) * factor
      return values
    }),
    outside: outsideOf(rows[0], placed(places, OUTSIDE), ends[0].factor),
  }
}

function placed(places: Uint8Array, where: number): Int32Array {
  const documents = new Int32Array(places.length)
  let count = 0
  for (let d = 0; d < places.length; d++) if (places[d] === where) documents[count++] = d
  return documents.subarray(0, count)
}

/** @returns the lowest score, and 1 / (highest − lowest), or 0 where all are equal */
function endsOf(row: Float32Array, documents: Int32Array): { low: number; high: number; factor: number } {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const document of documents) {
    if (row[document] < low) low = row[document]
    if (row[document] > high) high = row[document]
  }
  return { low, high, factor: high > low ? 1 / (high - low) : 0 }
}

/** A row from just below 0 downwards; a scale of no extent leaves its distances as they are. */
function outsideOf(row: Float32Array, documents: Int32Array, factor: number): Float64Array {
  const outside = new Float64Array(row.length).fill(Number.NEGATIVE_INFINITY)
  const { high } = endsOf(row, documents)
  for (const document of documents) outside[document] = (row[document] - high) * (factor || 1) - GAP
  return outside
}
