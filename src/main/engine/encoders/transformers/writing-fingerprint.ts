import { createHash } from 'node:crypto'
import type { ResolvedGenerator } from './generator-model'
import type { Writing } from './query-generator'

/** Characters of a document that are read: about the 350 tokens of GPL (Wang et al. 2022). */
export const READ = 1600
/** Tokens of a query at most, as GPL and docTTTTTquery. */
export const WRITTEN = 64
/** Tokens that are drawn among at each place, as GPL; at temperature 1. */
export const DRAWN_AMONG = 25
/** Of the prompts and of how an answer is read; another one writes other queries. */
const VERSION = 1

/** sha256 over all that decides the queries of a document: the cache's key. No model is opened for it. */
export function writingFingerprint(model: ResolvedGenerator, writing: Writing): string {
  const { perDocument, seed, prompt } = writing
  const drawing = { read: READ, written: WRITTEN, among: DRAWN_AMONG, version: VERSION }
  return createHash('sha256')
    .update(JSON.stringify([model.fingerprint, drawing, perDocument, seed, prompt]))
    .digest('hex')
}
