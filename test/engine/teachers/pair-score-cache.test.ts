import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cachedPairScorer } from '../../../src/main/engine/teachers/pair-score-cache'
import type { PairScorer, TextPair } from '../../../src/main/engine/teachers/pair-scorer'
import { cancelled } from '../../../src/shared/errors'

let folder: string
let asked: TextPair[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hydra-scores-'))
  asked = []
})
afterEach(() => rm(folder, { recursive: true }))

/** Scores by length; records what it was asked. */
const scorer = (fingerprint = 'f'.repeat(64), failAfter = Number.POSITIVE_INFINITY): PairScorer => ({
  id: 'a model/of: sorts',
  fingerprint,
  async score(pairs, { onProgress } = {}) {
    if (asked.length + pairs.length > failAfter) throw cancelled()
    asked.push(...pairs)
    onProgress?.(pairs.length, pairs.length)
    return Float32Array.from(pairs, ([query, document]) => query.length - document.length / 8)
  },
  async dispose() {},
})
const pairs = Array.from({ length: 300 }, (_, i): TextPair => ['q'.repeat(1 + (i % 7)), `document ${i}`])
const expected = Float32Array.from(pairs, ([query, document]) => query.length - document.length / 8)

describe('the cache of pair scores', () => {
  it('scores a pair once, whoever asks, and says how many', async () => {
    const first = cachedPairScorer(scorer(), folder)
    expect(await first.score([...pairs, pairs[3]])).toEqual(Float32Array.from([...expected, expected[3]]))
    expect(asked).toHaveLength(300)
    expect(first.counts()).toEqual({ asked: 300, scored: 300 })
    const progress: number[] = []
    const second = cachedPairScorer(scorer(), folder)
    const more: TextPair[] = [...pairs.slice(0, 5), ['new', 'pair']]
    expect(await second.score(more, { onProgress: (done) => progress.push(done) })).toEqual(
      Float32Array.from([...expected.slice(0, 5), 3 - 0.5]),
    )
    expect(asked.slice(300)).toEqual([['new', 'pair']])
    expect(second.counts()).toEqual({ asked: 6, scored: 1 })
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect([progress[0], progress.at(-1)]).toEqual([5, 6])
  })

  it('tells a pair from the same words divided otherwise, and one model from another', async () => {
    const cache = cachedPairScorer(scorer(), folder)
    await cache.score([
      ['a', 'bc'],
      ['ab', 'c'],
    ])
    expect(asked).toHaveLength(2)
    await cachedPairScorer(scorer('0'.repeat(64)), folder).score([['a', 'bc']])
    expect(asked).toHaveLength(3)
  })

  it('keeps what was scored before an interruption', async () => {
    const interrupted = cachedPairScorer(scorer(undefined, 299), folder)
    await expect(interrupted.score(pairs)).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(asked).toHaveLength(256)
    await cachedPairScorer(scorer(), folder).score(pairs)
    expect(asked).toHaveLength(300)
    const abort = cachedPairScorer(scorer(), folder).score(pairs, { signal: AbortSignal.abort() })
    await expect(abort).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('scores again what a damaged file held', async () => {
    await cachedPairScorer(scorer(), folder).score(pairs.slice(0, 10))
    const [name] = await readdir(folder)
    const [file] = await readdir(join(folder, name))
    await truncate(join(folder, name, file), 100)
    expect(await cachedPairScorer(scorer(), folder).score(pairs.slice(0, 10))).toEqual(expected.slice(0, 10))
    expect(asked).toHaveLength(20)
  })
})
