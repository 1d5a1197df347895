import type { Encoder } from '../../engine/encoders/encoder'
import { createMatrix, type Matrix, row } from '../../engine/numeric/matrix'

/** Vectors kept: 4,096 × 384 float32 are 6 MB. */
const MOST_KEPT = 4096
/** Longer lists are corpora, which have their own place; they would only push out what is being typed. */
const LONGEST_LIST = 128

/** An encoder that still knows the texts it was last given: of a card being typed only the changed text is encoded. */
export function rememberingEncoder(encoder: Encoder): Encoder {
  const kept = new Map<string, Float32Array>()

  async function encode(
    texts: readonly string[],
    options?: Parameters<Encoder['encode']>[1],
  ): Promise<Matrix> {
    if (texts.length > LONGEST_LIST) return encoder.encode(texts, options)
    // The same text as query and as document may be two vectors.
    const keyOf = (text: string) => `${options?.role ?? 'query'} ${text}`
    const missing = [...new Set(texts.filter((text) => !kept.has(keyOf(text))))]
    const found = new Map<string, Float32Array>()
    if (missing.length > 0) {
      const vectors = await encoder.encode(missing, options)
      missing.forEach((text, i) => {
        found.set(keyOf(text), row(vectors, i).slice())
      })
    }
    const out = createMatrix(texts.length, encoder.dimensions)
    texts.forEach((text, i) => {
      const key = keyOf(text)
      const vector = found.get(key) ?? kept.get(key)!
      row(out, i).set(vector)
      found.set(key, vector)
    })
    // The latest stand last; the first to go is the one that was asked for longest ago.
    for (const [key, vector] of found) {
      kept.delete(key)
      kept.set(key, vector)
    }
    for (const key of kept.keys()) {
      if (kept.size <= MOST_KEPT) break
      kept.delete(key)
    }
    return out
  }

  const { id, sha256, fingerprint, dimensions } = encoder
  return { id, sha256, fingerprint, dimensions, encode, dispose: () => encoder.dispose() }
}
