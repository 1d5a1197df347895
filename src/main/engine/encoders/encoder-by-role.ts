import type { Encoder, TextRole } from './encoder'

/** One encoder of two that are the same to a text's role: each has its own cache, or is asked in its own way. The query's is disposed. */
export function encoderByRole(byRole: Readonly<Record<TextRole, Encoder>>): Encoder {
  const { id, sha256, fingerprint, dimensions } = byRole.query
  return {
    id,
    sha256,
    fingerprint,
    dimensions,
    encode: (texts, options) => byRole[options?.role ?? 'query'].encode(texts, options),
    missing: async (texts, role = 'query') =>
      (await byRole[role].missing?.(texts, role)) ?? texts.map((_, i) => i),
    ...(byRole.document.storing && {
      storing: (role = 'query') => byRole[role].storing!(role),
    }),
    dispose: () => byRole.query.dispose(),
  }
}
