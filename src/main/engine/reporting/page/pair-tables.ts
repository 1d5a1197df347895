import { figure, signed } from '../../../../shared/figure-words'
import type { Comparison } from '../../../../shared/schemas/comparison'
import { pairWords, pText } from '../comparison-table'
import { escapeHtml, htmlTable } from './html-text'

const METHOD =
  'Two-sided paired randomisation test with 100,000 draws, Holm over all pairs of one measure, percentile bootstrap. “Could have found” is the smallest difference that this many units would have shown with power .8 at α = .05; the effect is Cohen’s d of paired samples.'

/** Every pair of systems, a table for each measure. */
export function pairTables({ pairs, measures }: Comparison): string[] {
  const tables = measures.map((measure) =>
    htmlTable({
      caption: `${measure}, paired differences`,
      titles: [
        'pair',
        'shown',
        'difference',
        '95 % interval',
        'p (Holm)',
        'p',
        'p (Student)',
        'effect',
        'could have found',
        'won',
        'level',
        'lost',
      ],
      texts: 2,
      most: 10,
      rows: pairs
        .filter((pair) => pair.measure === measure)
        .map((pair) => [
          // No break between them.
          `${pair.a}\u00a0−\u00a0${pair.b}`,
          `<span class="whole">${pairWords(pair)}</span>`,
          signed(pair.delta),
          `${signed(pair.low)} to ${signed(pair.high)}`,
          escapeHtml(pText(pair.corrected)),
          escapeHtml(pText(pair.p)),
          pair.student === null ? '–' : escapeHtml(pText(pair.student)),
          pair.effect === null ? '–' : signed(pair.effect),
          pair.detectable === null ? '–' : figure(pair.detectable),
          String(pair.wins),
          String(pair.ties),
          String(pair.losses),
        ]),
    }),
  )
  return [`<p class="quiet">${METHOD}</p>`, ...tables]
}
