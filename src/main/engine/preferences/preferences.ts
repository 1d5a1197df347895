/** What a loss learns from; a sampler draws only the kinds that some loss asks for. */
export type PreferenceKind = 'candidates' | 'contrast' | 'pairs' | 'lists'

/** A softmax over documents: which of them each query should choose. Pairs of indices lie flat: query, candidate, query … */
export interface CandidateTargets {
  /** [m] corpus rows */
  readonly candidates: Int32Array
  /** (query, candidate) pairs that are no candidate for that query: its own document, what its card shows, suspected relevant ones. */
  readonly masked: Int32Array
  /** (query, candidate) pairs that are to be chosen … */
  readonly targets: Int32Array
  /** … each with its share of the query's target mass, which sums to 1. */
  readonly weights: Float32Array
}

/** Documents to be found, as corpus rows: [t] each. */
interface Positives {
  readonly queries: Int32Array
  readonly documents: Int32Array
  /** Share of the query's target mass. */
  readonly weights: Float32Array
}

/** `better` is preferred over `worse` for the query: [p] each, in the order of the queries. */
export interface PreferencePairs {
  readonly queries: Int32Array
  /** Corpus rows. */
  readonly better: Int32Array
  /** Corpus rows. */
  readonly worse: Int32Array
  /** 0 to 1: how far the preference is to be believed. */
  readonly confidence: Float32Array
  /** The teacher's score of `better` minus that of `worse`, in standard deviations of its list; 0 where it scored either not. */
  readonly margins: Float32Array
}

/** The teacher's scores of some documents of each query. */
export interface PreferenceLists {
  /** Places of a list, L. */
  readonly length: number
  /** [n·L] corpus rows; −1 where a list is shorter. */
  readonly documents: Int32Array
  /** [n·L] scores in standard deviations of the query's list. */
  readonly scores: Float32Array
}

/** What n queries of a step teach. Kinds that no loss asked for are empty. */
export interface Preferences extends CandidateTargets {
  readonly positives: Positives
  /** One drawn positive of each query and hard negatives, all of them candidates of every query of the step. */
  readonly contrast: CandidateTargets
  readonly pairs: PreferencePairs
  readonly lists: PreferenceLists
}
