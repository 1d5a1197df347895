/**
 * By row, all rows of the same text in order, for texts that come more than once; empty ones do not count. Spacing makes no
 * other text; letter case does, since in commands and code it changes the sense.
 */
export function twinsOf(texts: readonly string[]): ReadonlyMap<number, readonly number[]> {
  const rows = new Map<string, number[]>()
  texts.forEach((text, row) => {
    const key = text.split(/\s+/).join(' ').trim()
    if (key === '') return
    const same = rows.get(key)
    if (same) same.push(row)
    else rows.set(key, [row])
  })
  const twins = new Map<number, readonly number[]>()
  for (const same of rows.values()) if (same.length > 1) for (const row of same) twins.set(row, same)
  return twins
}
