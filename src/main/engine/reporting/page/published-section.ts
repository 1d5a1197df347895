import { DEFAULT_ENCODER } from '../../../../shared/default-encoder'
import { figure, signed } from '../../../../shared/figure-words'
import { PUBLISHED_MEASURE, publishedFigures } from '../published-figures'
import { htmlTable, section } from './html-text'
import type { ReportedRun } from './reported-run'

/** What `frozen` is here beside what is published for it: where they part, data, protocol or encoder differ. */
export function publishedSection({ run, verdict }: ReportedRun): string {
  const rows = publishedFigures(run, verdict).map(({ title, n, here, published }) => [
    title,
    String(n),
    figure(here),
    figure(published),
    signed(here - published),
  ])
  if (rows.length === 0) return ''
  return section('Published figures', [
    htmlTable({
      caption: `${PUBLISHED_MEASURE} of the frozen ${DEFAULT_ENCODER}, and what MTEB publishes for it in float32`,
      titles: ['collection', 'queries', 'here', 'published', 'difference'],
      texts: 1,
      rows,
    }),
    '<p class="quiet">int8 vectors come within .005 of float32. A larger difference means other data, another protocol or another encoder, and every gain here starts from it.</p>',
  ])
}
