import { DEFAULT_ENCODER } from '../../../shared/default-encoder'
import type { PublishedFigure } from '../../../shared/schemas/comparison'
import type { RunRecord } from '../../../shared/schemas/run'
import type { Verdict } from '../../../shared/schemas/verdict'
import { knownCollections } from '../datasets/known-collections'

export const PUBLISHED_MEASURE = 'nDCG@10'

/**
 * What `frozen` is here beside what MTEB publishes for it in float32, by collection: only for that encoder, on test. Where
 * they part, data, protocol or encoder differ.
 */
export function publishedFigures(run: RunRecord, verdict: Verdict): PublishedFigure[] {
  if (run.encoder.id.split('/').at(-1) !== DEFAULT_ENCODER || verdict.split === 'dev') return []
  const frozen = verdict.rows.find(({ row, bm25 }) => row === 'frozen' && !bm25)
  return Object.entries(frozen?.tasks ?? {}).flatMap(([task, { n, measures }]) => {
    if (!Object.hasOwn(knownCollections, task)) return []
    const { title, publishedFrozen: published } = knownCollections[task]
    const here = measures[PUBLISHED_MEASURE]?.value
    return published === undefined || here === undefined ? [] : [{ task, title, n, here, published }]
  })
}
