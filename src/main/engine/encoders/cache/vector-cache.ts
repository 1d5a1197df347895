import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { throwIfCancelled } from '../../../../shared/errors'
import { createMatrix, type Matrix, row } from '../../numeric/matrix'
import type { EncodeOptions, Encoder, VectorStoring } from '../encoder'
import { growingBlock } from './growing-block'
import { storedRows } from './stored-rows'
import { KEY_BYTES, openVectorBlocks } from './vector-blocks'
import { roundVectors } from './vector-codec'
import { USUAL_FORMAT, type VectorFormat } from './vector-format'

/** Texts of a block at most: 3 MB at 384 dimensions. */
const BLOCK_TEXTS = 2048
/**
 * Fewer new texts than this are encoded again each time unless they are lasting, which is quicker than keeping a file for each
 * query ever typed.
 */
const LEAST_TEXTS = 8
/** Texts of a new block at least, by whether they are lasting. */
const least = (lasting: boolean | undefined) =>
  lasting ? 1 : lasting === false ? Number.POSITIVE_INFINITY : LEAST_TEXTS

/**
 * The encoder behind a cache on disk, by content: a text is encoded once per encoder, whatever dataset or call it comes
 * from. What is encoded stays when the rest is not (pause, cancel, failure), but for the last seconds before a kill. The
 * folder can be deleted at any time, and several processes may share it.
 * @param options.periodMs between two writes of a block that is not whole yet; ten seconds unless said
 * @param options.format what the vectors are kept in; they come rounded to it, whether a text was cached or not
 */
export function cachedEncoder(
  encoder: Encoder,
  cacheFolder: string,
  { format = USUAL_FORMAT, ...options }: { readonly periodMs?: number; readonly format?: VectorFormat } = {},
): Encoder {
  const { id, sha256, fingerprint, dimensions } = encoder
  // A prefix in the id may be longer than a file name can be; the fingerprint tells encoders apart.
  const name = `${id.replace(/[^\w.-]+/g, '_').slice(0, 160)}-${fingerprint.slice(0, 12)}`
  const folder = format === USUAL_FORMAT ? name : `${name}-${format}`
  const blocks = openVectorBlocks(join(cacheFolder, folder), dimensions, format)

  async function encode(
    texts: readonly string[],
    { lasting, signal, onProgress }: EncodeOptions = {},
  ): Promise<Matrix> {
    throwIfCancelled(signal)
    const vectors = createMatrix(texts.length, dimensions)
    const firsts = firstRows(texts)
    // A text that comes twice is looked up and encoded once: of most there is only the one row, which needs no list.
    const others = new Map<string, number[]>()
    if (firsts.size < texts.length)
      texts.forEach((text, row) => {
        const key = contentKey(text)
        if (firsts.get(key) === row) return
        const rows = others.get(key)
        if (rows) rows.push(row)
        else others.set(key, [row])
      })
    const place = (key: string, vector: Float32Array) => {
      vectors.data.set(vector, firsts.get(key)! * dimensions)
      for (const row of others.get(key) ?? []) vectors.data.set(vector, row * dimensions)
    }

    const missing = await blocks.read([...firsts.keys()], place)
    const countRows = (keys: readonly string[]) =>
      keys.reduce((sum, key) => sum + 1 + (others.get(key)?.length ?? 0), 0)
    let done = texts.length - countRows(missing)
    onProgress?.(done, texts.length)

    for (let start = 0; start < missing.length; start += BLOCK_TEXTS) {
      const keys = missing.slice(start, start + BLOCK_TEXTS)
      const block = growingBlock(blocks, keys, dimensions, {
        least: least(lasting),
        ...options,
      })
      try {
        const encoded = await encoder.encode(
          keys.map((key) => texts[firsts.get(key)!]),
          {
            lasting,
            signal,
            onProgress: (part) => onProgress?.(done + part, texts.length),
            onRows: block.add,
          },
        )
        block.add([...keys.keys()], encoded.data)
        const rounded = roundVectors(encoded, format)
        keys.forEach((key, i) => {
          place(key, row(rounded, i))
        })
      } finally {
        await block.close()
      }
      done += countRows(keys)
      onProgress?.(done, texts.length)
    }
    return vectors
  }

  async function missing(texts: readonly string[]): Promise<number[]> {
    const firsts = firstRows(texts)
    return (await blocks.missing([...firsts.keys()])).map((key) => firsts.get(key) as number)
  }

  function storing(): VectorStoring {
    const stored = storedRows(dimensions, format)
    const add = async (texts: readonly string[]) => stored.add(await blocks.places(texts.map(contentKey)))
    return { add, vectors: stored.vectors }
  }

  return { id, sha256, fingerprint, dimensions, encode, missing, storing, dispose: () => encoder.dispose() }
}

/** Of each content the first row that has it. */
function firstRows(texts: readonly string[]): Map<string, number> {
  const firsts = new Map<string, number>()
  texts.forEach((text, row) => {
    const key = contentKey(text)
    if (!firsts.has(key)) firsts.set(key, row)
  })
  return firsts
}

/** Truncated sha256 as a latin1 string: the map key that is cheapest to make from a block's bytes. */
function contentKey(text: string): string {
  return createHash('sha256').update(text).digest().toString('latin1', 0, KEY_BYTES)
}
