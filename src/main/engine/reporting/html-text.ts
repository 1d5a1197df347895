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

/** A table with a caption for whoever hears the page; numbers on the right. */
export function htmlTable(options: {
  readonly caption: string
  readonly titles: readonly string[]
  /** Cells are HTML already. */
  readonly rows: readonly (readonly string[])[]
  /** Columns before this one are text. */
  readonly numbersFrom: number
}): string {
  const { caption, titles, rows, numbersFrom } = options
  const place = (i: number) => (i >= numbersFrom ? ' class="number"' : '')
  const head = titles.map((title, i) => `<th scope="col"${place(i)}>${escapeHtml(title)}</th>`).join('')
  const body = rows.map(
    (cells) =>
      `<tr>${cells.map((cell, i) => (i === 0 ? `<th scope="row">${cell}</th>` : `<td${place(i)}>${cell}</td>`)).join('')}</tr>`,
  )
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`
}
