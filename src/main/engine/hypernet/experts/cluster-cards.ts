import { createMatrix, dot, type Matrix, normalizeInPlace, row } from '../../numeric/matrix'
import { type RandomStream, sampleIndices, shuffled } from '../../numeric/random'
import type { ComparedCards } from './card-likeness'

export interface CardClusters {
  /** Of each cluster the place of its middle card. */
  readonly middles: readonly number[]
  /** [cards] place of its cluster */
  readonly of: readonly number[]
}

const RESTARTS = 3
const MOST_ROUNDS = 25
const MOST_CLUSTERS = 12
/** Share of the cards that are left out to choose how many clusters there are. */
const LEFT_OUT = 0.25
const DRAWS = 4

/**
 * Spherical k-means (Dhillon and Modha 2001) of text and corpus side by side, the best of some starts. Without a count it is the
 * one at which cards that were left out lie best: mean silhouette by centres over several draws (Rousseeuw 1987; Hruschka et al.
 * 2004), the smallest of equals.
 */
export function clusterCards(cards: ComparedCards, count: number | null, random: RandomStream): CardClusters {
  const points = joined(cards)
  const chosen = Math.min(points.rows, count ?? chooseCount(points, random))
  const centres = cluster(points, all(points), chosen, random)
  const drawn = all(points).map((i) => nearest(points, i, centres))
  const filled = [...new Set(drawn)].sort((a, b) => a - b)
  const middles = filled.map((c) => {
    const members = all(points).filter((i) => drawn[i] === c)
    const toCentre = (i: number) => cosine(points, i, centres, c)
    return members.reduce((best, i) => (toCentre(i) > toCentre(best) ? i : best), members[0])
  })
  return { middles, of: drawn.map((c) => filled.indexOf(c)) }
}

function chooseCount(points: Matrix, random: RandomStream): number {
  const most = Math.min(MOST_CLUSTERS, Math.floor(points.rows * (1 - LEFT_OUT)) - 1)
  const draws = Array.from({ length: DRAWS }, () => {
    const order = shuffled(all(points), random)
    const cut = Math.ceil(points.rows * LEFT_OUT)
    return { left: order.slice(0, cut), kept: order.slice(cut) }
  })
  let best = { count: 1, value: 0 }
  for (let count = 2; count <= most; count++) {
    const values = draws.map(({ left, kept }) =>
      silhouette(points, left, cluster(points, kept, count, random)),
    )
    const value = values.reduce((sum, one) => sum + one) / values.length
    if (value > best.value) best = { count, value }
  }
  return best.count
}

/** Mean of (b − a) / max(a, b), a and b the distances to the nearest centre and the one after. */
function silhouette(points: Matrix, places: readonly number[], centres: Matrix): number {
  const values = places.map((i) => {
    const [a, b] = all(centres)
      .map((c) => 1 - cosine(points, i, centres, c))
      .sort((x, y) => x - y)
    return b > 0 ? (b - a) / b : 0
  })
  return values.reduce((sum, value) => sum + value) / values.length
}

/** Centres [count, 2d] of the given points; none is empty. */
function cluster(points: Matrix, places: readonly number[], count: number, random: RandomStream): Matrix {
  let best: { centres: Matrix; fit: number } | null = null
  for (let restart = 0; restart < RESTARTS; restart++) {
    const starts = sampleIndices(places.length, count, random).map((i) => places[i])
    let centres = createMatrix(count, points.columns)
    starts.forEach((i, c) => {
      row(centres, c).set(row(points, i))
    })
    let of: number[] = []
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const next = places.map((i) => nearest(points, i, centres))
      if (next.every((c, i) => c === of[i])) break
      of = next
      centres = means(points, places, of, centres)
    }
    const fit = places.reduce((sum, i, at) => sum + cosine(points, i, centres, of[at]), 0)
    if (!best || fit > best.fit) best = { centres, fit }
  }
  return best!.centres
}

/** Mean directions; a cluster that lost its last point keeps its centre. */
function means(points: Matrix, places: readonly number[], of: readonly number[], before: Matrix): Matrix {
  const centres = createMatrix(before.rows, before.columns)
  places.forEach((i, at) => {
    const centre = row(centres, of[at])
    row(points, i).forEach((value, c) => {
      centre[c] += value
    })
  })
  for (const c of all(centres)) {
    const centre = normalizeInPlace(row(centres, c))
    if (dot(centre, centre) === 0) centre.set(row(before, c))
  }
  return centres
}

function nearest(points: Matrix, i: number, centres: Matrix): number {
  return all(centres).reduce(
    (best, c) => (cosine(points, i, centres, c) > cosine(points, i, centres, best) ? c : best),
    0,
  )
}

function cosine(points: Matrix, i: number, centres: Matrix, c: number): number {
  return dot(row(points, i), row(centres, c))
}

/** [cards, 2d] unit rows */
function joined({ text, corpus }: ComparedCards): Matrix {
  const points = createMatrix(text.rows, text.columns + corpus.columns)
  for (const i of all(text)) {
    const point = row(points, i)
    point.set(row(text, i))
    point.set(row(corpus, i), text.columns)
    normalizeInPlace(point)
  }
  return points
}

function all({ rows }: Matrix): number[] {
  return Array.from({ length: rows }, (_, i) => i)
}
