import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { throwIfCancelled } from '../../../shared/errors'
import { createMatrix, type Matrix } from '../numeric/matrix'
import type { EncodeOptions, Encoder } from './encoder'
import { growingBlock } from './growing-block'
import { KEY_BYTES, openVectorBlocks } from './vector-blocks'

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
 */
export function cachedEncoder(
  encoder: Encoder,
  cacheFolder: string,
  options: { readonly periodMs?: number } = {},
): Encoder {
  const { id, sha256, fingerprint, dimensions } = encoder
  // A prefix in the id may be longer than a file name can be; the fingerprint tells encoders apart.
  const name = `${id.replace(/[^\w.-]+/g, '_').slice(0, 160)}-${fingerprint.slice(0, 12)}`
  const blocks = openVectorBlocks(join(cacheFolder, name), dimensions)

  async function encode(
    texts: readonly string[],
    { lasting, signal, onProgress }: EncodeOptions = {},
  ): Promise<Matrix> {
    throwIfCancelled(signal)
    const vectors = createMatrix(texts.length, dimensions)
    // Rows by content: a text that comes twice is looked up and encoded once.
    const rowsByKey = new Map<string, number[]>()
    texts.forEach((text, row) => {
      const key = contentKey(text)
      const rows = rowsByKey.get(key)
      if (rows) rows.push(row)
      else rowsByKey.set(key, [row])
    })
    const place = (key: string, vector: Float32Array) => {
      for (const row of rowsByKey.get(key) ?? []) vectors.data.set(vector, row * dimensions)
    }

    const missing = await blocks.read([...rowsByKey.keys()], place)
    const countRows = (keys: readonly string[]) =>
      keys.reduce((sum, key) => sum + (rowsByKey.get(key)?.length ?? 0), 0)
    let done = texts.length - countRows(missing)
    onProgress?.(done, texts.length)

    for (let start = 0; start < missing.length; start += BLOCK_TEXTS) {
      const keys = missing.slice(start, start + BLOCK_TEXTS)
      const firsts = keys.map((key) => (rowsByKey.get(key) as number[])[0])
      const block = growingBlock(blocks, keys, dimensions, {
        least: least(lasting),
        ...options,
      })
      try {
        const encoded = await encoder.encode(
          firsts.map((row) => texts[row]),
          {
            lasting,
            signal,
            onProgress: (part) => onProgress?.(done + part, texts.length),
            onRows: block.add,
          },
        )
        block.add([...keys.keys()], encoded.data)
        keys.forEach((key, i) => {
          place(key, encoded.data.subarray(i * dimensions, (i + 1) * dimensions))
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
    const firsts = new Map<string, number>()
    texts.forEach((text, row) => {
      const key = contentKey(text)
      if (!firsts.has(key)) firsts.set(key, row)
    })
    return (await blocks.missing([...firsts.keys()])).map((key) => firsts.get(key) as number)
  }

  return { id, sha256, fingerprint, dimensions, encode, missing, dispose: () => encoder.dispose() }
}

/** Truncated sha256 as a latin1 string: the map key that is cheapest to make from a block's bytes. */
function contentKey(text: string): string {
  return createHash('sha256').update(text).digest().toString('latin1', 0, KEY_BYTES)
}
