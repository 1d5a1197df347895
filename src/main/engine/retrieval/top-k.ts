import { compareUtf8 } from '../formats/compare-utf8'
import { runField } from '../formats/run-field'

/** A row of scores, [documents]. Sums of normalised scores are in double precision, so that rounding makes no two documents equal. */
export type Scores = Float32Array | Float64Array

/**
 * The k best of a row of scores, best first: by score, then by descending document id as trec_eval does.
 * @param scores [documents]
 * @param tieOrder [documents] place of each document among the ids sorted in descending order
 */
export function topK(scores: Scores, k: number, tieOrder: Int32Array): Int32Array {
  const size = Math.min(k, scores.length)
  // A binary heap with the worst kept document on top.
  const heap = new Int32Array(size)
  let filled = 0
  const worse = (a: number, b: number) =>
    scores[a] < scores[b] || (scores[a] === scores[b] && tieOrder[a] > tieOrder[b])
  const sink = (start: number) => {
    let at = start
    const document = heap[at]
    for (;;) {
      let child = 2 * at + 1
      if (child >= filled) break
      if (child + 1 < filled && worse(heap[child + 1], heap[child])) child++
      if (!worse(heap[child], document)) break
      heap[at] = heap[child]
      at = child
    }
    heap[at] = document
  }
  let threshold = Number.NEGATIVE_INFINITY
  for (let document = 0; document < scores.length; document++) {
    if (filled < size) {
      heap[filled++] = document
      if (filled === size) {
        for (let i = (size >> 1) - 1; i >= 0; i--) sink(i)
        threshold = scores[heap[0]]
      }
    } else if (scores[document] >= threshold && worse(heap[0], document)) {
      heap[0] = document
      sink(0)
      threshold = scores[heap[0]]
    }
  }
  return heap.sort((a, b) => (worse(b, a) ? -1 : 1))
}

/** Place of each id among all ids in descending order: trec_eval's tie-break, by the bytes of what stands in a run file. */
export function descendingIdOrder(ids: readonly string[]): Int32Array {
  const fields = ids.map(runField)
  const sorted = Array.from(ids, (_, index) => index).sort((a, b) => compareUtf8(fields[b], fields[a]))
  const place = new Int32Array(ids.length)
  for (let i = 0; i < sorted.length; i++) place[sorted[i]] = i
  return place
}
