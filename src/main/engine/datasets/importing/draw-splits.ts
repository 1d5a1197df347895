import { createHash } from 'node:crypto'

/**
 * Queries in order of sha1(id), cut into parts of so many percent: the same ones whatever the order of the file or the seed.
 * What the parts leave over is in none (docs/method.md#protocol).
 * @param parts name and percent of each, in order
 */
export function drawSplits(
  queries: Iterable<string>,
  parts: readonly (readonly [name: string, percent: number])[],
): Map<string, string> {
  const hashed = [...queries].map((id) => ({ id, hash: createHash('sha1').update(id).digest('hex') }))
  hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1))
  const drawn = new Map<string, string>()
  let percent = 0
  for (const [name, share] of parts) {
    const from = Math.round((hashed.length * percent) / 100)
    percent += share
    for (const { id } of hashed.slice(from, Math.round((hashed.length * percent) / 100))) drawn.set(id, name)
  }
  return drawn
}
