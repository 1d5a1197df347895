import { CARD_GROUPS } from '../../../shared/ladder'
import type { Comparison, ResolvedComparisonRequest } from '../../../shared/schemas/comparison'
import { systemLabel } from '../../../shared/system-name'
import type { ScoredTable } from './scored-table'

type TableChoice = Pick<Comparison, 'cards' | 'examples'>

/**
 * Beside the tables that were opened: every group of cards and number of examples that all runs have and the request does not
 * leave out, where one of the rows asked for stands, in the order of tables.
 */
export function furtherTables(
  opened: readonly Pick<ScoredTable, 'verdict' | 'cards' | 'examples'>[],
  { cards, examples, rows }: Pick<ResolvedComparisonRequest, 'cards' | 'examples' | 'rows'>,
): TableChoice[] {
  const [first, ...others] = opened
  const choices = new Map(
    first.verdict.rows
      .filter((row) => rows.length === 0 || rows.includes(systemLabel(row)))
      .filter((row) => row.cards === (cards ?? row.cards) && row.examples === (examples ?? row.examples))
      .filter((row) => !opened.every((table) => isOneTable(row, table)))
      .filter((row) => others.every(({ verdict }) => verdict.rows.some((other) => isOneTable(row, other))))
      .map((row) => [`${row.cards}/${row.examples}`, { cards: row.cards, examples: row.examples }]),
  )
  return [...choices.values()].sort(
    (a, b) => CARD_GROUPS.indexOf(a.cards) - CARD_GROUPS.indexOf(b.cards) || a.examples - b.examples,
  )
}

function isOneTable(a: TableChoice, b: TableChoice): boolean {
  return a.cards === b.cards && a.examples === b.examples
}
