export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** Rows of text under titles, columns two spaces apart. */
export function alignTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, i) =>
    Math.max(width(title), ...rows.map((row) => width(row[i] ?? ''))),
  )
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, i) => pad(cells[i] ?? '', widths[i], align ?? 'left'))
      .join('  ')
      .trimEnd()
  return [line(columns.map(({ title }) => title)), ...rows.map(line)].join('\n')
}

/** Cuts to a width, with an ellipsis where something was cut. */
export function truncate(text: string, columns: number): string {
  const characters = [...text.replace(/\s+/g, ' ')]
  return characters.length <= columns
    ? characters.join('')
    : `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`
}

export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, columns - width(text)))
  return align === 'left' ? text + space : space + text
}

/** Code points stand for columns: near enough for the scripts that reports are in. */
function width(text: string): number {
  return [...text].length
}
