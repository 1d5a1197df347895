import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Point {
  readonly id: string
  readonly vector: readonly number[]
  payload: Record<string, unknown>
}

interface Condition {
  readonly key: string
  readonly range?: Partial<Record<'lt' | 'lte' | 'gt' | 'gte', number>>
  readonly match?: { readonly value: unknown }
}

interface Collection {
  readonly size: number
  readonly points: Map<string, Point>
}

type Body = Record<string, unknown> & {
  readonly filter?: { readonly must: readonly Condition[] }
  readonly points?: readonly (string | Point)[]
}

/**
 * Stands in for a server of Qdrant, of which none can be had where the tests run: as much of its REST protocol as the client
 * sends for an index, from memory, counting the points that are written. It says nothing about the server itself.
 */
export async function startQdrant({ version = '1.15.0' } = {}) {
  const collections = new Map<string, Collection>()
  const seen = { written: 0, failing: null as null | { status: number; error: string } }

  function answer(method: string, path: string, body: Body): [status: number, result: unknown] {
    const [, , name = '', part = '', last = ''] = path.split('/')
    if (path === '/') return [200, { title: 'stand-in', version }]
    const collection = collections.get(name)
    if (part === 'exists') return [200, { exists: collection !== undefined }]
    if (part === '' && method === 'PUT') {
      collections.set(name, { size: (body.vectors as { size: number }).size, points: new Map() })
      return [200, true]
    }
    if (!collection) return [404, `Collection \`${name}\` doesn't exist!`]
    const { size, points } = collection
    if (part === '' && method === 'DELETE') return [200, collections.delete(name)]
    if (part === '') return [200, { config: { params: { vectors: { size, distance: 'Dot' } } } }]
    if (part === 'index') return [200, { status: 'completed' }]
    const chosen = () =>
      body.points
        ? body.points.flatMap((id) => points.get(String(id)) ?? [])
        : [...points.values()].filter((point) => fits(point, body.filter?.must ?? []))
    const all = [...points.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
    switch (last || method) {
      case 'PUT': {
        const given = body.points as readonly Point[]
        const odd = given.find(({ vector }) => vector.length !== size)
        if (odd)
          return [400, `Wrong input: Vector dimension error: expected dim: ${size}, got ${odd.vector.length}`]
        for (const point of given) points.set(point.id, point)
        seen.written += given.length
        return [200, { status: 'completed' }]
      }
      case 'POST':
        return [200, (body.ids as string[]).flatMap((id) => points.get(id) ?? [])]
      case 'payload':
        for (const point of chosen()) point.payload = { ...point.payload, ...(body.payload as object) }
        return [200, { status: 'completed' }]
      case 'delete':
        for (const { id } of chosen()) points.delete(id)
        return [200, { status: 'completed' }]
      case 'scroll': {
        const from = all.filter(({ id }) => id >= String(body.offset ?? ''))
        const limit = Number(body.limit)
        return [200, { points: from.slice(0, limit), next_page_offset: from[limit]?.id ?? null }]
      }
      case 'query': {
        const query = body.query as readonly number[]
        const scored = chosen().map((point) => ({
          ...point,
          score: Math.fround(query.reduce((sum, value, i) => sum + value * point.vector[i], 0)),
        }))
        // Of equal scores in no order that means anything, as a server has them.
        return [200, { points: scored.sort((a, b) => b.score - a.score).slice(0, Number(body.limit)) }]
      }
      default:
        return [404, `${method} ${path}`]
    }
  }

  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const path = new URL(request.url ?? '', 'http://host').pathname
    const [status, result] = seen.failing
      ? [seen.failing.status, seen.failing.error]
      : answer(request.method ?? '', path, body)
    response.writeHead(status, { 'content-type': 'application/json' })
    const said =
      path === '/' && status === 200
        ? result
        : status === 200
          ? { result, status: 'ok' }
          : { status: { error: result } }
    response.end(JSON.stringify(said))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function fits({ payload }: Point, conditions: readonly Condition[]): boolean {
  return conditions.every(({ key, range, match }) => {
    const value = payload[key]
    if (match) return Array.isArray(value) ? value.includes(match.value) : value === match.value
    const number = Number(value)
    const { lt = Infinity, lte = Infinity, gt = -Infinity, gte = -Infinity } = range ?? {}
    return number < lt && number <= lte && number > gt && number >= gte
  })
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? {} : JSON.parse(text)
}
