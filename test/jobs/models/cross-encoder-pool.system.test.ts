import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ResolvedModel, resolveModel } from '../../../src/main/engine/encoders/model-folder'
import type { PairScorer, TextPair } from '../../../src/main/engine/teachers/pair-scorer'
import { openTransformerPairScorer } from '../../../src/main/engine/teachers/transformer-pair-scorer'
import { openCrossEncoderPool } from '../../../src/main/jobs/models/cross-encoder-pool'
import { everyToken, largestOfSecond, makePairModel } from '../../engine/teachers/made-pair-model'

const workerFile = resolve('out/main/cross-encoder-worker.js')
/** More than the chunks that two workers hold at once, of all lengths. */
const pairs = Array.from({ length: 200 }, (_, i): TextPair => {
  const words = ['oak', 'maple', 'lighthouse', 'retrieval', 'zebra', 'quartz']
  const text = (n: number) => Array.from({ length: n }, (_, j) => words[(i * 7 + j) % 6]).join(' ')
  return [text(1 + (i % 3)), text(i % 70)]
})

let folder: string
let model: ResolvedModel
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hydra-cross-'))
  model = await resolveModel(await makePairModel(join(folder, 'largest'), largestOfSecond), [])
})
afterAll(() => rm(folder, { recursive: true }))

async function withPool<T>(use: (pool: PairScorer) => Promise<T>, chosen = model): Promise<T> {
  const pool = openCrossEncoderPool({ model: chosen, maxTokens: 48, processes: 2, workerFile })
  try {
    return await use(pool)
  } finally {
    await pool.dispose()
  }
}

describe('cross-encoder pool', () => {
  it('gives the scores and the fingerprint of one cross-encoder in this process, in order', async () => {
    const single = await openTransformerPairScorer(model, 48)
    const progress: number[] = []
    await withPool(async (pool) => {
      const onProgress = (done: number) => progress.push(done)
      expect(await pool.score(pairs, { onProgress })).toEqual(await single.score(pairs))
      expect(pool.fingerprint).toBe(single.fingerprint)
    })
    expect(progress.length).toBeGreaterThan(2)
    expect(progress.at(-1)).toBe(pairs.length)
    await single.dispose()
  })

  it('passes on why a model is none, and stops at a signal', async () => {
    const foreign = await resolveModel(await makePairModel(join(folder, 'tokens'), everyToken), [])
    await withPool(async (pool) => {
      await expect(pool.score(pairs)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    }, foreign)
    await withPool(async (pool) => {
      const controller = new AbortController()
      const options = { signal: controller.signal, onProgress: () => controller.abort() }
      await expect(pool.score(pairs, options)).rejects.toMatchObject({ code: 'CANCELLED' })
    })
  })
})
