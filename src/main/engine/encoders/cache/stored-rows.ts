import { type HeldFile, holdFile } from '../../../files/held-file'
import type { StoredVectors } from '../../numeric/matrix'
import { MOST_ROWS, type VectorPlace } from './vector-blocks'
import { decodeVectors } from './vector-codec'
import type { VectorFormat } from './vector-format'

/** Vectors that are read where a cache keeps them; all that is held of one is its place, 8 bytes. */
export function storedRows(dimensions: number, format: VectorFormat) {
  const files: { readonly file: HeldFile; readonly tensors: VectorPlace['block']['tensors'] }[] = []
  const numbers = new Map<VectorPlace['block'], number>()
  /** [rows] of each its file's number times MOST_ROWS and its row there */
  let places = new Float64Array(2 ** 16)
  let rows = 0

  function numberOf(block: VectorPlace['block']): number {
    let number = numbers.get(block)
    if (number === undefined) {
      number = files.push({ file: holdFile(block.path), tensors: block.tensors }) - 1
      numbers.set(block, number)
    }
    return number
  }

  /** Of `count` rows that lie one behind the other. */
  function readRun(place: number, count: number): Float32Array {
    const { file, tensors } = files[Math.floor(place / MOST_ROWS)]
    const bytesOf = (name: string) => {
      const { begin, end, shape } = tensors[name]
      const size = (end - begin) / shape[0]
      const bytes = new Uint8Array(count * size)
      file.read(begin + (place % MOST_ROWS) * size, bytes)
      return bytes
    }
    return decodeVectors(bytesOf, dimensions, format)
  }

  return {
    add(more: readonly VectorPlace[]): void {
      if (rows + more.length > places.length) {
        const longer = new Float64Array(Math.max(2 * places.length, rows + more.length))
        longer.set(places)
        places = longer
      }
      for (const { block, row } of more) places[rows++] = numberOf(block) * MOST_ROWS + row
    },
    vectors(): StoredVectors {
      return {
        rows,
        columns: dimensions,
        read(indices, out) {
          for (let i = 0; i < indices.length; ) {
            const place = places[indices[i]]
            let end = i + 1
            while (end < indices.length && places[indices[end]] === place + end - i) end++
            out.set(readRun(place, end - i), i * dimensions)
            i = end
          }
        },
      }
    },
  }
}
