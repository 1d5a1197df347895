import { foldCase } from '../formats/fold-case'
import { loadWordTools } from './wink'

/** `unicode`: words of any script. `ascii`: wink's own, which takes every letter beyond a–z for a space. */
export const WORD_TOKENIZERS = ['unicode', 'ascii'] as const

export interface WordOptions {
  readonly tokenizer: (typeof WORD_TOKENIZERS)[number]
  /** Leave out wink's list of English function words. */
  readonly stopWords: boolean
  /** Porter2 stems instead of words. */
  readonly stem: boolean
}

const WORD = /[\p{L}\p{M}\p{N}_]+/gu
/** Scripts that write no space between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
/** What Porter2, a stemmer of English, knows. */
const ENGLISH = /^\w+$/

/** Lower-case words of a text, without possessive and contracted endings (“isn’t” is “is not”). */
export function wordTokenizer({ tokenizer, stopWords, stem }: WordOptions): (text: string) => string[] {
  const nlp = loadWordTools()
  const split = tokenizer === 'ascii' ? asciiWords(nlp) : unicodeWords(nlp)
  const words = stopWords ? (text: string) => nlp.tokens.removeWords(split(text)) : split
  if (!stem) return words
  // A corpus says the same words again and again; the stemmer is the slow part.
  const stems = new Map<string, string>()
  return (text) =>
    words(text).map((word) => {
      let stemmed = stems.get(word)
      if (stemmed === undefined) {
        stemmed = ENGLISH.test(word) ? nlp.tokens.stem([word])[0] : word
        stems.set(word, stemmed)
      }
      return stemmed
    })
}

type WordTools = ReturnType<typeof loadWordTools>

function asciiWords(nlp: WordTools): (text: string) => string[] {
  return (text) => nlp.string.tokenize0(nlp.string.lowerCase(text)).filter(Boolean)
}

/** The same steps as wink's tokenize0 up to its last, which splits at whatever is no ASCII letter: ASCII texts come out alike. */
function unicodeWords(nlp: WordTools): (text: string) => string[] {
  const segmenter = new Intl.Segmenter('und', { granularity: 'word' })
  return (text) => {
    const plain = foldCase(text.normalize('NFKC')).replaceAll('’', "'")
    const open = nlp.string
      .removeElisions(nlp.string.amplifyNotElision(plain))
      .replace(/\b(can)(not)\b/g, '$1 $2')
    const words: string[] = open.match(WORD) ?? []
    if (!words.some((word) => UNSPACED.test(word))) return words
    return words.flatMap((word) => (UNSPACED.test(word) ? segment(word, segmenter) : [word]))
  }
}

function segment(text: string, segmenter: Intl.Segmenter): string[] {
  return Array.from(segmenter.segment(text), ({ segment, isWordLike }) => (isWordLike ? segment : '')).filter(
    Boolean,
  )
}
