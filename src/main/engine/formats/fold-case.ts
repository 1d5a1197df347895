/**
 * Lower case character by character, as tokenizers have it: `toLowerCase` of a whole text makes the last Σ of a word a ς.
 * That is the one rule of Unicode that looks at the neighbours.
 */
export function foldCase(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase()
}
