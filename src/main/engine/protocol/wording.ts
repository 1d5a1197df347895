import { foldCase } from '../formats/fold-case'

/** Letter case, spacing and Unicode normalisation make no other text: the encoder lowers the one and drops the others. */
export function wording(text: string): string {
  return foldCase(text.normalize('NFC')).split(/\s+/).join(' ').trim()
}

/** Inner product of the two queries' vectors from which they count as one question in other words. */
export const NEAR = 0.95
