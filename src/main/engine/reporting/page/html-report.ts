import type { Comparison } from '../../../../shared/schemas/comparison'
import { dataSection } from './data-section'
import { escapeHtml, htmlTable, minute, section } from './html-text'
import { provenanceSection } from './provenance-section'
import { publishedSection } from './published-section'
import { REPORT_STYLE } from './report-style'
import type { ReportedDataset, ReportedRun } from './reported-run'
import { anchor, tableSection, tableTitle } from './table-section'
import { verdictSection } from './verdict-section'

export interface ReportOptions {
  /** One for each group of cards and number of examples that every run has. */
  readonly comparisons: readonly Comparison[]
  readonly runs: readonly ReportedRun[]
  readonly datasets: readonly ReportedDataset[]
  readonly writtenAt: Date
}

/**
 * A comparison as one page without scripts and without anything to fetch: it opens from disk, prints, and follows the reader's
 * light or dark theme. A policy in its head forbids whatever a text from the data might try.
 */
export function htmlReport(options: ReportOptions): string {
  const { comparisons, runs, datasets } = options
  const [first] = runs
  const title = runs.length === 1 ? first.run.title : `${runs.length} runs on the same queries`
  const parts = [
    header(title, options),
    ...runs.map((one) => verdictSection(one, runs.length)),
    contents(comparisons),
    ...comparisons.map((comparison) => tableSection(comparison, runs)),
    publishedSection(first),
    differsSection(comparisons[0]),
    dataSection(runs, datasets),
    provenanceSection(runs),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
${parts.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`
}

function header(title: string, { runs, writtenAt }: ReportOptions): string {
  const [{ run }] = runs
  const seeds = [...new Set(runs.map(({ run: { request } }) => request.seed))]
  const encoders = [...new Set(runs.map(({ run: { encoder } }) => encoder.id))]
  const facts: [string, string][] = [
    [runs.length === 1 ? 'Run' : 'Runs', runs.map(({ run: { id } }) => id).join(', ')],
    [seeds.length === 1 ? 'Seed' : 'Seeds', seeds.join(', ')],
    [encoders.length === 1 ? 'Encoder' : 'Encoders', encoders.join(', ')],
    ['Written', `${minute(writtenAt)} by Hydra Workbench ${run.app}`],
  ]
  const list = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`)
  return `<header><h1>${escapeHtml(title)}</h1><dl class="facts">${list.join('')}</dl></header>`
}

/** Where several tables follow one another. */
function contents(comparisons: readonly Comparison[]): string {
  if (comparisons.length < 2) return ''
  const links = comparisons.map(
    (comparison) => `<li><a href="#${anchor(comparison)}">${escapeHtml(tableTitle(comparison))}</a></li>`,
  )
  return `<nav aria-label="Tables"><ul>${links.join('')}</ul></nav>`
}

function differsSection({ runs, differs }: Comparison): string {
  if (differs.length === 0) return ''
  return section('What differs in the configuration', [
    htmlTable({
      caption: 'Settings that are not the same in all runs',
      titles: ['setting', ...runs],
      texts: 1,
      most: 4,
      kind: 'texts',
      rows: differs.map(({ setting, values }) => [
        escapeHtml(setting),
        ...values.map((value) => `<code>${escapeHtml(value)}</code>`),
      ]),
    }),
  ])
}
