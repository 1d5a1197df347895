/** What is ranked and compared, by its row of the ladder, alone or fused with BM25. */
export interface SystemName {
  readonly row: string
  readonly bm25: boolean
}

/** As files, tables and people write it: `task card`, `task card + BM25`. Nothing reads it back. */
export function systemLabel({ row, bm25 }: SystemName): string {
  return bm25 ? `${row} + BM25` : row
}

export function isSameSystem(a: SystemName, b: SystemName): boolean {
  return a.row === b.row && a.bm25 === b.bm25
}
