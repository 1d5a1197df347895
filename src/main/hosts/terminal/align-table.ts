import { pad, textWidth } from './fit-text'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** Rows of text under titles, columns two spaces apart. */
export function alignTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, i) =>
    Math.max(textWidth(title), ...rows.map((row) => textWidth(row[i] ?? ''))),
  )
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, i) => pad(cells[i] ?? '', widths[i], align ?? 'left'))
      .join('  ')
      .trimEnd()
  return [line(columns.map(({ title }) => title)), ...rows.map(line)].join('\n')
}
