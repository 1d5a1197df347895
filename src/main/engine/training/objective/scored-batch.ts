import type { EncodedCollection } from '../../preferences/encoded-collection'
import type * as Sampled from '../step-sampler'

/** What of a collection a step is computed on. */
export type ScoredCorpus = Pick<EncodedCollection, 'documents'>
export type StepBatch = Sampled.StepBatch<ScoredCorpus>
export type StepPart = Sampled.StepPart<ScoredCorpus>
