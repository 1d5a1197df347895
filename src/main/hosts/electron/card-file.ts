import { resolve } from 'node:path'

/** The ending that installers register (electron-builder.ts); the file is a card as JSON or as text with YAML front matter. @internal */
export const CARD_ENDING = '.hydracard'

/** The card file that a command line names, from the folder in which it was typed; the last one, or null. */
export function cardFileOf(words: readonly string[], folder: string): string | null {
  const named = words.slice(1).findLast((word) => !word.startsWith('-') && isCardFile(word))
  return named === undefined ? null : resolve(folder, named)
}

export function isCardFile(path: string): boolean {
  return path.toLowerCase().endsWith(CARD_ENDING)
}

/** Where the window reads a card in: it shows what the file holds before anything is saved. */
export function cardRoute(file: string): string {
  return `/cards?import=${encodeURIComponent(file)}`
}
