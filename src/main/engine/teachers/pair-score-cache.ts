import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { throwIfCancelled } from '../../../shared/errors'
import { growingBlock } from '../encoders/cache/growing-block'
import { KEY_BYTES, openVectorBlocks } from '../encoders/cache/vector-blocks'
import type { PairScorer, TextPair } from './pair-scorer'

/** Pairs of a block at most. */
const BLOCK_PAIRS = 256

export interface CachedPairScorer extends PairScorer {
  /** Pairs asked so far and those of them that had to be scored. */
  counts(): { asked: number; scored: number }
}

/**
 * A cross-encoder behind a cache on disk, by content: a pair of texts is scored once per model, whatever dataset, teacher
 * or call it comes from. What is scored stays when the rest is not, but for the last seconds before a kill. The folder can be
 * deleted at any time, and several processes may share it.
 */
export function cachedPairScorer(scorer: PairScorer, cacheFolder: string): CachedPairScorer {
  const { id, fingerprint } = scorer
  const name = `${id.replace(/[^\w.-]+/g, '_')}-${fingerprint.slice(0, 12)}`
  const blocks = openVectorBlocks(join(cacheFolder, name), 1)
  let asked = 0
  let scored = 0

  return {
    id,
    fingerprint,
    async score(pairs, { signal, onProgress } = {}) {
      throwIfCancelled(signal)
      const scores = new Float32Array(pairs.length)
      const rowsByKey = new Map<string, number[]>()
      pairs.forEach((pair, row) => {
        const key = contentKey(pair)
        const rows = rowsByKey.get(key)
        if (rows) rows.push(row)
        else rowsByKey.set(key, [row])
      })
      const place = (key: string, score: number) => {
        const rows = rowsByKey.get(key) ?? []
        for (const row of rows) scores[row] = score
        return rows.length
      }
      let done = 0
      const missing = await blocks.read([...rowsByKey.keys()], (key, [score]) => {
        done += place(key, score)
      })
      asked += rowsByKey.size
      onProgress?.(done, pairs.length)
      for (let start = 0; start < missing.length; start += BLOCK_PAIRS) {
        const keys = missing.slice(start, start + BLOCK_PAIRS)
        const block = growingBlock(blocks, keys, 1)
        let fresh: Float32Array
        try {
          fresh = await scorer.score(
            keys.map((key) => pairs[(rowsByKey.get(key) as number[])[0]]),
            {
              signal,
              onProgress: (part) => onProgress?.(Math.min(done + part, pairs.length), pairs.length),
              onRows: block.add,
            },
          )
          block.add([...keys.keys()], fresh)
        } finally {
          await block.close()
        }
        keys.forEach((key, i) => {
          done += place(key, fresh[i])
        })
        scored += keys.length
        onProgress?.(done, pairs.length)
      }
      return scores
    },
    counts: () => ({ asked, scored }),
    dispose: () => scorer.dispose(),
  }
}

/** Truncated sha256 as a latin1 string; as JSON, so that no query runs into its document. */
function contentKey(pair: TextPair): string {
  return createHash('sha256').update(JSON.stringify(pair)).digest().toString('latin1', 0, KEY_BYTES)
}
