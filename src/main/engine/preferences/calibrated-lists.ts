import type { Task } from '../datasets/collection'
import type { Ranking } from '../retrieval/corpus-index'
import type { TeacherLists } from '../teachers/teacher-lists'
import { type Confidence, calibrate, confidenceOf } from './confidence'
import { relevantDocuments } from './encoded-collection'
import { standardise } from './standardise'

/** A teacher's orderings of one task's train queries, and how far a margin of its scores is to be believed. */
export interface CalibratedLists extends TeacherLists {
  readonly confidence: Confidence
}

/**
 * Lists that a sampler can draw from.
 * @param train orderings of the task's train queries
 * @param dev of its dev queries, on whose judgments the confidence is fitted; null: none, or not to be looked at
 */
export function calibrateLists(
  task: Task,
  train: TeacherLists,
  dev: TeacherLists | null,
  seed: number,
): CalibratedLists {
  if (!dev) return { ...train, confidence: calibrate(train.rankings, null, seed) }
  const place = new Map(Array.from(task.dev.queries, (query, i) => [query, i]))
  const relevant = Array.from(dev.queries, (query) => {
    const at = place.get(query)
    return new Set(at === undefined ? [] : relevantDocuments(task, task.dev, at))
  })
  const judged = { rankings: dev.rankings, relevant }
  return { ...train, confidence: calibrate(train.rankings, judged, seed) }
}

/**
 * A list whose scores are comparable between queries and between teachers: (score − mean) / standard deviation over the
 * list.
 */
export interface StandardList {
  /** Corpus rows, best first. */
  readonly documents: Int32Array
  readonly scores: Float32Array
  /** Confidence that a document is better than another with a score that much lower. */
  confidence(margin: number): number
}

/** The first `depth` places of a ranking. @param confidence null: its order is not what is learned, and margins count fully */
export function standardList(ranking: Ranking, depth: number, confidence: Confidence | null): StandardList {
  return {
    documents: ranking.documents.subarray(0, depth),
    scores: standardise(ranking.scores.subarray(0, depth)),
    confidence: (margin) => (confidence ? confidenceOf(confidence, margin) : 1),
  }
}

/** Standardised score of a document; one that the teacher did not list is at best as good as the last that it did. */
export function scoreIn(list: StandardList, document: number): number {
  const place = list.documents.indexOf(document)
  return list.scores[place >= 0 ? place : list.scores.length - 1]
}
