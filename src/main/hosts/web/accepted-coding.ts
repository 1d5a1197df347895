/** How a body may travel, the smallest first. */
const CODINGS = ['br', 'gzip'] as const
export type Coding = (typeof CODINGS)[number]

/**
 * The smallest coding that a client takes, by its Accept-Encoding (RFC 9110, 12.5.3), or null for the bytes as they are.
 * A coding that it does not name it takes only where it says `*`; `q=0` refuses.
 */
export function acceptedCoding(header: string | undefined): Coding | null {
  const weights = new Map(
    (header ?? '').split(',').map((part) => {
      const [name, ...parameters] = part.toLowerCase().split(';')
      const weight = parameters.map((one) => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(one)?.[1]).find(Boolean)
      return [name.trim(), weight === undefined ? 1 : Number(weight)]
    }),
  )
  return CODINGS.find((coding) => (weights.get(coding) ?? weights.get('*') ?? 0) > 0) ?? null
}
