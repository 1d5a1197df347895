import { z } from 'zod'
import type { RemoteService } from '../../../../shared/schemas/model'
import { firstNonFinite } from '../../numeric/finite'
import { createMatrix, type Matrix } from '../../numeric/matrix'
import { ill } from './remote-errors'

const vectorSchema = z.union([z.array(z.number()), z.string()])
const openaiSchema = z.object({
  data: z.array(z.object({ index: z.number().int().optional(), embedding: vectorSchema })),
})
const teiSchema = z.array(z.array(z.number()))

/**
 * The vectors of an answer, [texts, width] in the order of the texts, as they were sent.
 * @param width null: whatever the first vector has
 * @throws REMOTE_ANSWER_INVALID for anything but so many vectors of finite numbers of that width
 */
export function readAnswer(
  service: RemoteService,
  body: string,
  texts: number,
  width: number | null,
): Matrix {
  const vectors = service.api === 'tei' ? readTei(service, body) : readOpenai(service, body)
  if (vectors.length !== texts) throw ill(service, `${texts} vectors, one for each text`, `${vectors.length}`)
  const columns = width ?? vectors[0]?.length ?? 0
  if (columns === 0) throw ill(service, 'vectors', 'empty ones')
  const out = createMatrix(texts, columns)
  vectors.forEach((vector, i) => {
    if (vector.length !== columns)
      throw ill(service, `vectors of ${columns} components`, `one of ${vector.length}`)
    out.data.set(vector, i * columns)
  })
  const none = firstNonFinite(out.data)
  if (none) throw ill(service, 'finite numbers', none)
  return out
}

function readTei(service: RemoteService, body: string): ArrayLike<number>[] {
  return parsed(service, body, teiSchema, 'an array of vectors')
}

function readOpenai(service: RemoteService, body: string): ArrayLike<number>[] {
  const { data } = parsed(service, body, openaiSchema, '`data` with an `embedding` for each text')
  const placed: ArrayLike<number>[] = []
  data.forEach(({ index = placed.length, embedding }, i) => {
    if (index < 0 || index >= data.length || placed[index])
      throw ill(service, `each index from 0 to ${data.length - 1} once`, `${index} at place ${i}`)
    placed[index] = typeof embedding === 'string' ? floats(service, embedding) : embedding
  })
  return placed
}

function parsed<T>(service: RemoteService, body: string, schema: z.ZodType<T>, expected: string): T {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    throw ill(service, expected, 'no JSON')
  }
  const found = schema.safeParse(json)
  if (found.success) return found.data
  const [{ path, message }] = found.error.issues
  throw ill(service, expected, `${message} at ${path.join('.') || 'its root'}`)
}

/** float32 in little-endian order. */
function floats(service: RemoteService, base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length % 4 !== 0) throw ill(service, 'float32 in base64', `${bytes.length} bytes`)
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4))
}
