import { createHash } from 'node:crypto'

/** Share of the train queries that becomes dev where a collection has none (docs/method.md#protocol). */
const SHARE = 0.1

/** The tenth of the queries with the smallest sha1(id): the same ones whatever the order of the file or the seed. */
export function drawDev(trainQueries: Iterable<string>): Set<string> {
  const hashed = [...trainQueries].map((id) => ({ id, hash: createHash('sha1').update(id).digest('hex') }))
  hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1))
  return new Set(hashed.slice(0, Math.round(hashed.length * SHARE)).map(({ id }) => id))
}
