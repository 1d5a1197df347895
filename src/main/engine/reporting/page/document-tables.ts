import { figure, signed } from '../../../../shared/figure-words'
import type { Comparison } from '../../../../shared/schemas/comparison'
import type { DocumentPart } from '../../../../shared/schemas/verdict'
import { systemLabel } from '../../../../shared/system-name'
import { unitWords } from '../../../../shared/unit'
import { pText } from '../comparison-table'
import { escapeHtml, htmlTable } from './html-text'
import type { ReportedRun } from './reported-run'

/** The lead apart for queries whose relevant documents a train query touched and for those that none did, a table a run. */
export function documentTables(
  { cards, examples, measures }: Comparison,
  runs: readonly ReportedRun[],
): string[] {
  return runs.flatMap(({ run, verdict }) => {
    const parts = (verdict.documents ?? []).filter(
      (part) => part.cards === cards && part.examples === examples,
    )
    const rows = measures.flatMap((measure) => parts.flatMap((part) => partRow(part, measure)))
    if (rows.length === 0) return []
    const whose = runs.length > 1 ? `${run.id}: ` : ''
    return [
      htmlTable({
        caption: `${whose}seen documents are relevant to a train query, too; unseen ones are touched by none`,
        titles: [
          'documents',
          'measure',
          'queries',
          'best control',
          'task card',
          'lead',
          '95 % interval',
          'p (Holm)',
          'over',
        ],
        texts: 2,
        rows,
      }),
    ]
  })
}

function partRow(
  { documents, queries, rows, leads, unit, n, tasks }: DocumentPart,
  measure: string,
): string[][] {
  const lead = leads[measure]
  if (!lead) return []
  const control = systemLabel(lead.control)
  const mean = (name: string) => figure(rows.find((row) => systemLabel(row) === name)!.mean[measure].value)
  return [
    [
      documents,
      escapeHtml(measure),
      String(queries),
      `${mean(control)} (${escapeHtml(control)})`,
      mean('task card'),
      signed(lead.delta),
      `${signed(lead.low)} to ${signed(lead.high)}`,
      escapeHtml(pText(lead.corrected)),
      escapeHtml(unitWords({ unit, n, tasks }).replace('over ', '')),
    ],
  ]
}
