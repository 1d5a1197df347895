import { DEFAULT_ENCODER } from '../../../../shared/default-encoder'
import { knownCollections } from '../../datasets/known-collections'
import { figure, signed } from '../comparison-table'
import { htmlTable, section } from './html-text'
import type { ReportedRun } from './reported-run'

const MEASURE = 'nDCG@10'

/** What `frozen` is here beside what is published for it: where they part, data, protocol or encoder differ. */
export function publishedSection({ run, verdict }: ReportedRun): string {
  if (run.encoder.id.split('/').at(-1) !== DEFAULT_ENCODER || verdict.split === 'dev') return ''
  const frozen = verdict.rows.find(({ row, bm25 }) => row === 'frozen' && !bm25)
  const rows = Object.entries(frozen?.tasks ?? {}).flatMap(([task, { n, measures }]) => {
    const published = Object.hasOwn(knownCollections, task)
      ? knownCollections[task].publishedFrozen
      : undefined
    const here = measures[MEASURE]?.value
    if (published === undefined || here === undefined) return []
    return [
      [knownCollections[task].title, String(n), figure(here), figure(published), signed(here - published)],
    ]
  })
  if (rows.length === 0) return ''
  return section('Published figures', [
    htmlTable({
      caption: `${MEASURE} of the frozen ${DEFAULT_ENCODER}, and what MTEB publishes for it in float32`,
      titles: ['collection', 'queries', 'here', 'published', 'difference'],
      texts: 1,
      rows,
    }),
    '<p class="quiet">int8 vectors come within .005 of float32. A larger difference means other data, another protocol or another encoder, and every gain here starts from it.</p>',
  ])
}
