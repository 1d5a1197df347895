import { LRUCache } from 'lru-cache'
import type { Encoder } from '../../engine/encoders/encoder'
import { createMatrix, type Matrix, row } from '../../engine/numeric/matrix'

/** Vectors cached: 4,096 × 384 float32 are 6 MB. */
const MOST_VECTORS = 4096
/** Longer lists are corpora, which have their own place; they would only push out what is being typed. */
const LONGEST_LIST = 128

/** An encoder with the vectors of the texts that it was last given: of a card being typed only the changed text is encoded. */
export function memoisedEncoder(encoder: Encoder): Encoder {
  const cache = new LRUCache<string, Float32Array>({ max: MOST_VECTORS })

  async function encode(
    texts: readonly string[],
    options?: Parameters<Encoder['encode']>[1],
  ): Promise<Matrix> {
    if (texts.length > LONGEST_LIST) return encoder.encode(texts, options)
    // The same text as query and as document may be two vectors.
    const keyOf = (text: string) => `${options?.role ?? 'query'} ${text}`
    // Taken out first: while the missing ones are encoded, other requests may push these out of the cache.
    const vectors = new Map(texts.map((text) => [text, cache.get(keyOf(text))]))
    const missing = [...vectors.keys()].filter((text) => !vectors.get(text))
    options?.onCached?.(texts.length - missing.length)
    if (missing.length > 0) {
      const encoded = await encoder.encode(missing, options)
      missing.forEach((text, i) => {
        const vector = row(encoded, i).slice()
        vectors.set(text, vector)
        cache.set(keyOf(text), vector)
      })
    }
    const out = createMatrix(texts.length, encoder.dimensions)
    texts.forEach((text, i) => {
      row(out, i).set(vectors.get(text)!)
    })
    return out
  }

  const { id, sha256, fingerprint, dimensions, missing } = encoder
  return { id, sha256, fingerprint, dimensions, encode, missing, dispose: () => encoder.dispose() }
}
