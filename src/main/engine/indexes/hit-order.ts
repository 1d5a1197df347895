import { compareUtf8 } from '../formats/compare-utf8'
import { runField } from '../formats/run-field'
import type { IndexHit } from './index-engine'

/** Best first, equal scores by descending id as trec_eval has it: the order of `topK`. */
export function compareHits(a: IndexHit, b: IndexHit): number {
  return b.score - a.score || compareUtf8(runField(b.id), runField(a.id))
}
