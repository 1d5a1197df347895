export interface DocumentTable {
  readonly after: string
  readonly columns: readonly string[]
  readonly rows: readonly { readonly cells: readonly string[]; readonly named: readonly string[] }[]
}
export function documentTables(text: string): DocumentTable[]
export function cellText(
  tables: readonly DocumentTable[],
  cell: { readonly after: string; readonly row: readonly string[]; readonly column: string },
): string | undefined
