import type { RouteLocationRaw } from 'vue-router'

interface EntryWords {
  readonly id: string
  readonly group: 'Pages' | 'Runs' | 'Cards' | 'Datasets' | 'Actions'
  readonly title: string
  /** Said beside the title, and searched too. */
  readonly detail: string
}

/** Something the command palette can do: go somewhere, which is a link, or act. */
export type PaletteEntry = EntryWords & ({ readonly to: RouteLocationRaw } | { run(): void })

/** How well an entry answers: every word must begin a word of it (3), or stand in it (1); the title counts double. */
function answers(entry: PaletteEntry, words: readonly string[]): number {
  const title = entry.title.toLowerCase()
  const rest = `${entry.detail} ${entry.group}`.toLowerCase()
  let total = 0
  for (const word of words) {
    const at = title.indexOf(word)
    const starts = (text: string, from: number) => from === 0 || /[^\p{L}\p{N}]/u.test(text[from - 1])
    if (at >= 0) total += starts(title, at) ? 6 : 2
    else {
      const inRest = rest.indexOf(word)
      if (inRest < 0) return 0
      total += starts(rest, inRest) ? 3 : 1
    }
  }
  return total
}

/** The entries that have every word, the best first; without words all of them, in their order. */
export function findEntries(entries: readonly PaletteEntry[], text: string, most: number): PaletteEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return entries.slice(0, most)
  return entries
    .map((entry, place) => ({ entry, place, score: answers(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .slice(0, most)
    .map(({ entry }) => entry)
}
