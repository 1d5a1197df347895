import type { CardMeans, CardVectors } from '../../hypernet/card-vectors'
import { createMatrix, type Matrix } from '../../numeric/matrix'
import type { StepBatch, StepPart } from './scored-batch'

/** What of a corpus's part of a step is also asked under another task's card. */
export interface WrongPart {
  readonly cards: readonly CardVectors[]
  readonly means: readonly CardMeans[]
  /** [T'·Q, d] */
  readonly queries: Matrix
  /** Relevant documents: [t] each, rows of the corpus's part and of this one, corpus row, share of the target mass. */
  readonly rightRows: Int32Array
  readonly wrongRows: Int32Array
  readonly documents: Int32Array
  readonly weights: Float32Array
}

export function wrongPart(batch: StepBatch, part: StepPart, nulls: readonly boolean[]): WrongPart | null {
  const d = batch.queries.columns
  const perTask = batch.queries.rows / batch.cards.length
  const [from, to] = [part.first / perTask, (part.first + part.asked) / perTask]
  const tasks = batch.wrongCards
    .slice(from, to)
    .flatMap((wrong, t) => (wrong && !nulls[from + t] ? [{ ...wrong, task: t }] : []))
  const place = new Map(tasks.map(({ task }, i) => [task, i]))
  const { queries, documents, weights } = part.positives
  const kept = Array.from(queries.keys()).filter((t) => place.has(Math.floor(queries[t] / perTask)))
  if (kept.length === 0) return null
  const size = perTask * d
  const rows = new Float32Array(tasks.length * size)
  tasks.forEach(({ task }, i) => {
    rows.set(batch.queries.data.subarray((from + task) * size, (from + task + 1) * size), i * size)
  })
  const rightRows = Int32Array.from(kept, (t) => queries[t])
  return {
    cards: tasks.map(({ card }) => card),
    means: tasks.map(({ means }) => means),
    queries: createMatrix(tasks.length * perTask, d, rows),
    rightRows,
    wrongRows: rightRows.map((q) => place.get(Math.floor(q / perTask))! * perTask + (q % perTask)),
    documents: Int32Array.from(kept, (t) => documents[t]),
    weights: Float32Array.from(kept, (t) => weights[t]),
  }
}
