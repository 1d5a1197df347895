import type { TextList } from '../datasets/text-list'

/**
 * By row, all rows of the same text in order, for texts that come more than once; empty ones do not count. Spacing makes no
 * other text; letter case does, since in commands and code it changes the sense. Only texts whose hash comes twice are held.
 */
export function twinsOf(texts: TextList): ReadonlyMap<number, readonly number[]> {
  const hashes = new Uint32Array(texts.length)
  let hashed = 0
  for (const text of texts) hashes[hashed++] = hashOf(spaced(text))
  const sorted = hashes.slice().sort()
  const often = new Set<number>()
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) often.add(sorted[i])
  const rows = new Map<string, number[]>()
  hashes.forEach((hash, row) => {
    if (!often.has(hash)) return
    const key = spaced(texts.at(row)!)
    if (key === '') return
    const same = rows.get(key)
    if (same) same.push(row)
    else rows.set(key, [row])
  })
  const twins = new Map<number, readonly number[]>()
  for (const same of rows.values()) if (same.length > 1) for (const row of same) twins.set(row, same)
  return twins
}

function spaced(text: string): string {
  return text.split(/\s+/).join(' ').trim()
}

/** FNV-1a over UTF-16 units (Fowler, Noll and Vo). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
