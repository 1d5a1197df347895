import { escapeHtml, htmlTable, minute, section } from './html-text'
import type { ReportedDataset, ReportedRun } from './reported-run'

/** The collections, what the protocol linter found in them, and what the runs noted. */
export function dataSection(runs: readonly ReportedRun[], datasets: readonly ReportedDataset[]): string {
  const used = new Map(runs.flatMap(({ run }) => run.datasets.map((one) => [one.id, one.sha256] as const)))
  const rows = [...used].map(([id, sha256]) => {
    const record = datasets.find((one) => one.record.id === id)?.record
    const sizes = record
      ? [record.documents, record.queries, record.cards].map((size) => size.toLocaleString('en'))
      : ['', '', '']
    return [escapeHtml(id), `<code>${sha256.slice(0, 12)}</code>`, ...sizes]
  })
  const gone = [...used.keys()].filter((id) => !datasets.some(({ record }) => record.id === id))
  const notes = runs.flatMap(({ run }) =>
    run.notes.map((note) => (runs.length > 1 ? `${run.id}: ${note}` : note)),
  )
  return section('Data and protocol', [
    htmlTable({
      caption: 'Collections',
      titles: ['collection', 'sha256', 'documents', 'queries', 'cards'],
      texts: 2,
      rows,
    }),
    ...(gone.length > 0
      ? [
          `<p class="quiet">No longer here as they were scored, so without sizes and findings: ${escapeHtml(gone.join(', '))}.</p>`,
        ]
      : []),
    findingsTable(datasets),
    ...(notes.length > 0 ? [`<h3>Notes of the ${runs.length > 1 ? 'runs' : 'run'}</h3>${list(notes)}`] : []),
  ])
}

function findingsTable(datasets: readonly ReportedDataset[]): string {
  if (datasets.length === 0) return ''
  const rows = datasets.flatMap(({ record, lint }) =>
    (lint ?? record).findings.map(({ severity, message, remedy }) => [
      escapeHtml(record.id),
      `<span class="whole ${severity}">${severity}</span>`,
      escapeHtml(message),
      escapeHtml(remedy),
    ]),
  )
  const asked = datasets.map(({ record: { id, importedAt }, lint }) =>
    lint
      ? `${id} was asked on ${minute(new Date(lint.createdAt))}: ${lint.checked.length} rules${lint.encoder ? `, with vectors of ${lint.encoder}` : ''}.`
      : `${id} at its import on ${minute(new Date(importedAt))}: the rules that need no vectors.`,
  )
  const table =
    rows.length === 0
      ? '<p>The protocol linter found nothing.</p>'
      : htmlTable({
          caption: 'What the protocol linter found',
          titles: ['collection', 'weight', 'finding', 'what to do'],
          texts: 4,
          rows,
        })
  return `${table}<p class="quiet">${escapeHtml(asked.join(' '))}</p>`
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
}
