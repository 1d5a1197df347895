const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that stands in a page, or in an attribute between double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign])
}

/** `2026-11-28 07:36 UTC` */
export function minute(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** @param parts HTML */
export function section(title: string, parts: readonly string[], id?: string): string {
  const place = id === undefined ? '' : ` id="${escapeHtml(id)}"`
  return `<section${place}><h2>${escapeHtml(title)}</h2>\n${parts.join('\n')}\n</section>`
}

/** What a reader opens when it is wanted. @param parts HTML */
export function folded(summary: string, parts: readonly string[]): string {
  return `<details><summary>${escapeHtml(summary)}</summary>\n${parts.join('\n')}\n</details>`
}

export interface TableOptions {
  /** For whoever hears the page, and above the table. */
  readonly caption: string
  readonly titles: readonly string[]
  /** Cells are HTML already. */
  readonly rows: readonly (readonly string[])[]
  /** First columns that are text and stand in every part. */
  readonly texts: number
  /** Further columns side by side on a page; more of them go on in a table of their own. */
  readonly most?: number
  /** What the further columns are: numbers stand on the right and are never broken. */
  readonly kind?: 'numbers' | 'texts'
}

/** A table that is never wider than the page: what does not fit beside the first columns goes on below. */
export function htmlTable(options: TableOptions): string {
  const { caption, titles, rows, texts, most = 9, kind = 'numbers' } = options
  const tables: string[] = []
  for (let from = texts; from < titles.length || tables.length === 0; from += most) {
    const pick = <Cell>(cells: readonly Cell[]) => [
      ...cells.slice(0, texts),
      ...cells.slice(from, from + most),
    ]
    const place = (i: number) => (i >= texts && kind === 'numbers' ? ' class="number"' : '')
    const head = pick(titles).map((title, i) => `<th scope="col"${place(i)}>${escapeHtml(title)}</th>`)
    const body = rows.map((cells) => {
      const columns = pick(cells).map((cell, i) =>
        i === 0 ? `<th scope="row">${cell}</th>` : `<td${place(i)}>${cell}</td>`,
      )
      return `<tr>${columns.join('')}</tr>`
    })
    const said = tables.length === 0 ? caption : `${caption}, continued`
    tables.push(
      `<table><caption>${escapeHtml(said)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`,
    )
  }
  return tables.join('\n')
}
