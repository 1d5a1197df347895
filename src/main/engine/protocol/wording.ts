/** Letter case and spacing make no other text: the encoder lowers the one and drops the other. */
export function wording(text: string): string {
  return text.toLowerCase().split(/\s+/).join(' ').trim()
}
