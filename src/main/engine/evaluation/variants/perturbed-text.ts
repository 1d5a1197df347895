import { type RandomStream, sampleIndices, shuffled } from '../../numeric/random'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
/** Shorter words carry little, and a typo in them makes another word. */
const LEAST_LETTERS = 4

/** The words of a text in random order. */
export function shuffledWords(text: string, random: RandomStream): string {
  return shuffled(text.split(/\s+/).filter(Boolean), random).join(' ')
}

/**
 * A text with one typo in this share of its words of four letters and more, one at least: a letter inserted, deleted, replaced,
 * or swapped with the next, each as likely (Zhuang and Zuccon 2021). Without such a word the text stays as it is.
 */
export function withTypos(text: string, share: number, random: RandomStream): string {
  const words = [...text.matchAll(/\p{L}+/gu)].filter(([word]) => [...word].length >= LEAST_LETTERS)
  const count = Math.min(words.length, Math.max(1, Math.round(share * words.length)))
  const hit = sampleIndices(words.length, count, random).sort((a, b) => a - b)
  let out = ''
  let end = 0
  for (const place of hit) {
    const { 0: word, index } = words[place]
    out += text.slice(end, index) + misspelt([...word], random)
    end = index + word.length
  }
  return out + text.slice(end)
}

function misspelt(letters: readonly string[], random: RandomStream): string {
  const out = [...letters]
  const at = random.integer(out.length)
  const other = () => LETTERS[random.integer(LETTERS.length)]
  switch (random.integer(4)) {
    case 0:
      out.splice(at, 0, other())
      break
    case 1:
      out.splice(at, 1)
      break
    case 2: {
      // The same letter would be no typo.
      const rest = [...LETTERS].filter((letter) => letter !== out[at].toLowerCase())
      out[at] = rest[random.integer(rest.length)]
      break
    }
    default: {
      const first = Math.min(at, out.length - 2)
      ;[out[first], out[first + 1]] = [out[first + 1], out[first]]
    }
  }
  return out.join('')
}
