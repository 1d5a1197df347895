import type { Comparison, ComparisonFormat } from '../../../shared/schemas/comparison'
import { comparisonTable } from '../../engine/reporting/comparison-table'

/** A comparison as text, with the settings that differ where a reader sees the file as it is. */
export function renderComparison(comparison: Comparison, format: ComparisonFormat): string {
  const table = comparisonTable(comparison, format)
  if (format !== 'markdown' || comparison.differs.length === 0) return table
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [
    table,
    '',
    'What differs in the configuration:',
    '',
    line(['setting', ...comparison.runs]),
    line(['---', ...comparison.runs.map(() => '---')]),
    ...comparison.differs.map(({ setting, values }) => line([setting, ...values])),
  ].join('\n')
}
