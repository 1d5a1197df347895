/**
 * Tables of a Markdown page as data: what the line before each says, its headings, and its cells without marks. A blank cell in a
 * row says what the one above it says, as where a table names a thing once for several rows.
 * @param {string} text
 */
export function documentTables(text) {
  const lines = text.split('\n')
  const tables = []
  for (let i = 0; i < lines.length; i++) {
    if (!lines[i].startsWith('|') || !/^\|[\s:|-]+\|$/.test(lines[i + 1] ?? '')) continue
    const after = lines.slice(0, i).findLast((line) => line.trim() !== '') ?? ''
    const columns = cellsOf(lines[i])
    const rows = []
    for (i += 2; lines[i]?.startsWith('|'); i++) {
      const cells = cellsOf(lines[i])
      const named = cells.map((cell, at) => cell || rows.at(-1)?.named[at] || '')
      rows.push({ cells, named })
    }
    tables.push({ after, columns, rows })
  }
  return tables
}

/** @param {string} line */
function cellsOf(line) {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('**', '').replaceAll('`', '').trim())
}

/**
 * What stands in a cell, or undefined where there is no such cell.
 * @param {ReturnType<typeof documentTables>} tables
 * @param {{ after: string, row: readonly string[], column: string }} cell
 */
export function cellText(tables, { after, row, column }) {
  for (const table of tables.filter((one) => one.after.startsWith(after))) {
    const at = table.columns.indexOf(column)
    const found = table.rows.find(({ named }) => row.every((name) => named.includes(name)))
    if (at >= 0 && found) return found.cells[at]
  }
  return undefined
}
