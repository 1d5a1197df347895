import type { DatasetRecord } from '../../../shared/schemas/dataset'
import { alignTable } from './align-table'
import { formatCount } from './format-number'

/** What a list shows of a dataset. */
type DatasetRow = Pick<DatasetRecord, 'id' | 'documents' | 'queries' | 'cards' | 'splits'>

/** The datasets, all corpora of a family as one row in the place of the first: `aws-commands.*`, sums of what they have. */
export function familyRows(datasets: readonly DatasetRecord[]): DatasetRow[] {
  const rows = new Map<string, DatasetRow>()
  for (const dataset of datasets) {
    const id = dataset.family === undefined ? dataset.id : `${dataset.family}.*`
    const known = rows.get(id)
    rows.set(id, known ? sumOf(known, dataset) : { ...dataset, id })
  }
  return [...rows.values()]
}

function sumOf(row: DatasetRow, { documents, queries, cards, splits }: DatasetRow): DatasetRow {
  const all = new Map(Object.entries(row.splits))
  for (const [split, more] of Object.entries(splits)) {
    const known = all.get(split) ?? { queries: 0, judgments: 0 }
    all.set(split, { queries: known.queries + more.queries, judgments: known.judgments + more.judgments })
  }
  return {
    id: row.id,
    documents: row.documents + documents,
    queries: row.queries + queries,
    cards: row.cards + cards,
    splits: Object.fromEntries(all),
  }
}

export function datasetTable(rows: readonly DatasetRow[]): string {
  return alignTable(
    [
      { title: 'id' },
      { title: 'documents', align: 'right' },
      { title: 'queries', align: 'right' },
      { title: 'cards', align: 'right' },
      { title: 'splits' },
    ],
    rows.map(({ id, documents, queries, cards, splits }) => [
      id,
      formatCount(documents),
      formatCount(queries),
      formatCount(cards),
      describeSplits(splits),
    ]),
  )
}

export function describeSplits(splits: DatasetRow['splits']): string {
  return Object.entries(splits)
    .map(([split, { queries }]) => `${split} ${formatCount(queries)}`)
    .join(', ')
}
