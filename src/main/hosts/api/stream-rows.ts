import { setImmediate } from 'node:timers/promises'
import type { Embeddings } from '../../services/serving/embedding-batches'

/** Numbers written before the event loop gets its turn: some milliseconds. */
const SLICE_NUMBERS = 16_384

/**
 * JSON with a list of vectors, written as it is read: an answer of a thousand vectors is megabytes of digits, which would keep
 * everybody else waiting.
 * @param options.write one vector's place in the list
 */
export function streamRows(
  { vectors, dimensions }: Embeddings,
  options: {
    readonly before: string
    readonly after: string
    write(vector: Float32Array, index: number): string
  },
): ReadableStream<string> {
  const rows = vectors.length / dimensions
  const step = Math.max(1, Math.floor(SLICE_NUMBERS / dimensions))
  let next = 0
  return new ReadableStream({
    async pull(controller) {
      if (next > 0) await setImmediate()
      const parts: string[] = []
      const end = Math.min(rows, next + step)
      for (let index = next; index < end; index++)
        parts.push(options.write(vectors.subarray(index * dimensions, (index + 1) * dimensions), index))
      const isLast = end === rows
      controller.enqueue(
        `${next === 0 ? options.before : ','}${parts.join(',')}${isLast ? options.after : ''}`,
      )
      next = end
      if (isLast) controller.close()
    },
  })
}

export function asNumbers(vector: Float32Array): string {
  return `[${vector.join(',')}]`
}

/** float32, little-endian. */
export function asBase64(vector: Float32Array): string {
  return `"${Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')}"`
}
