import { escapeHtml, section } from './html-text'
import type { ReportedRun } from './reported-run'

/** What the run's numbers say, and what they do not show. @param runs on the page */
export function verdictSection({ run, verdict }: ReportedRun, runs: number): string {
  const { words, limits } = verdict
  if (words === '' && limits.length === 0) return ''
  const parts = [
    ...(words === '' ? [] : [`<p class="words">${escapeHtml(words)}</p>`]),
    ...(limits.length === 0
      ? []
      : [
          `<h3>What this does not show</h3><ul class="limits">${limits.map((limit) => `<li>${escapeHtml(limit)}</li>`).join('')}</ul>`,
        ]),
  ]
  return section(runs > 1 ? `Verdict of ${run.id}` : 'Verdict', parts)
}
