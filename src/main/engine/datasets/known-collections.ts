import type { ExcludeRule } from '../../../shared/schemas/dataset'

/** What the protocol fixes for a published collection, by its usual id. */
export interface KnownCollection {
  readonly title: string
  readonly exclude: ExcludeRule
  /** nDCG@10 that MTEB publishes for all-MiniLM-L6-v2 in float32: what `frozen` should come near. */
  readonly publishedFrozen?: number
}

/**
 * Own documents are named here and never guessed: equal ids mean the same text in ArguAna, and nothing at all in Cranfield,
 * CISI and the movie collection, where queries and documents are both numbered from 1.
 */
export const knownCollections: Readonly<Record<string, KnownCollection>> = {
  arguana: { title: 'ArguAna', exclude: 'same-id', publishedFrozen: 0.5017 },
  cisi: { title: 'CISI', exclude: 'none' },
  'climate-fever-evidence': { title: 'Climate-FEVER, evidence sentences', exclude: 'none' },
  cosqa: { title: 'CoSQA', exclude: 'none' },
  cranfield: { title: 'Cranfield', exclude: 'none' },
  csfcube: { title: 'CSFCube', exclude: 'paper' },
  fiqa: { title: 'FiQA-2018', exclude: 'none', publishedFrozen: 0.3687 },
  'medical-question-pairs': { title: 'Medical question pairs', exclude: 'none' },
  metatool: { title: 'MetaTool', exclude: 'none' },
  'movies-ltr': { title: 'Movie search (MSRD)', exclude: 'none' },
  nfcorpus: { title: 'NFCorpus', exclude: 'none', publishedFrozen: 0.3159 },
  nl2bash: { title: 'NL2Bash', exclude: 'none' },
  scifact: { title: 'SciFact', exclude: 'none', publishedFrozen: 0.6451 },
  'wordnet-finds': { title: 'WordNet finds', exclude: 'same-id' },
  'wordnet-relates': { title: 'WordNet relates', exclude: 'same-id' },
  'wordnet-relations': { title: 'WordNet relations', exclude: 'same-id' },
}
