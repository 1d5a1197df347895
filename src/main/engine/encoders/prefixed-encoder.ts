import type { Encoder, TextRole } from './encoder'
import type { Prefixes } from './model-settings'

/**
 * The encoder with each text's prefix put before it. Stands outside the vector cache, whose key is then the text as the
 * model sees it: a text as query and the same text as document are two.
 */
export function prefixedEncoder(encoder: Encoder, prefixes: Prefixes): Encoder {
  const { id, sha256, fingerprint, dimensions } = encoder
  const prefixed = (texts: readonly string[], role: TextRole) => {
    const prefix = prefixes[role]
    return prefix === '' ? texts : texts.map((text) => prefix + text)
  }
  return {
    id,
    sha256,
    fingerprint,
    dimensions,
    encode(texts, { role = 'query', ...options } = {}) {
      return encoder.encode(prefixed(texts, role), options)
    },
    ...(encoder.missing && { missing: (texts, role = 'query') => encoder.missing!(prefixed(texts, role)) }),
    ...(encoder.storing && {
      storing(role = 'query') {
        const { add, vectors } = encoder.storing!(role)
        return { add: (texts) => add(prefixed(texts, role)), vectors }
      },
    }),
    dispose: () => encoder.dispose(),
  }
}
