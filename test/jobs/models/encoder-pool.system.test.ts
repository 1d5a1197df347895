import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Encoder } from '../../../src/main/engine/encoders/encoder'
import { type ResolvedModel, resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { openTransformerEncoder } from '../../../src/main/engine/encoders/transformer-encoder'
import type { Matrix } from '../../../src/main/engine/numeric/matrix'
import { openEncoderPool } from '../../../src/main/jobs/models/encoder-pool'

const workerFile = resolve('out/main/encoder-worker.js')
const crashingWorker = resolve('test/jobs/models/crashing-worker.mjs')
/** More than the chunks of 32 that two workers hold at once. */
const texts = Array.from({ length: 150 }, (_, i) => `${'retrieval '.repeat(i % 4)}${i}`)

let folder: string
let model: ResolvedModel
let single: Encoder
/** Of `texts`, by one encoder in this process. */
let expected: Matrix

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hydra-pool-'))
  process.env.CRASH_MARKER = join(folder, 'crashed')
  model = await resolveModel('all-MiniLM-L6-v2', ['resources/models'])
  single = await openTransformerEncoder(model)
  expected = await single.encode(texts)
})

afterAll(async () => {
  delete process.env.CRASH_MARKER
  await single.dispose()
  await rm(folder, { recursive: true })
})

async function withPool<T>(
  options: { workerFile?: string; processes?: number; model?: ResolvedModel; signal?: AbortSignal },
  use: (pool: Encoder) => Promise<T>,
): Promise<T> {
  const pool = await openEncoderPool({ model, workerFile, processes: 2, ...options })
  try {
    return await use(pool)
  } finally {
    await pool.dispose()
  }
}

describe('encoder pool', () => {
  it('gives the vectors of one encoder in this process, bit for bit and in order', async () => {
    const progress: number[] = []
    const got = await withPool({}, (pool) =>
      pool.encode(texts, {
        onProgress: (done, total) => {
          expect(total).toBe(texts.length)
          progress.push(done)
        },
      }),
    )
    expect(got).toEqual(expected)
    expect(progress.length).toBeGreaterThan(2)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(texts.length)
  })

  it('answers calls that overlap, and an empty one without starting a process', async () => {
    await withPool({ workerFile: 'no-such-worker.js' }, async (pool) => {
      expect(await pool.encode([])).toEqual({ rows: 0, columns: 384, data: new Float32Array(0) })
    })
    await withPool({}, async (pool) => {
      const parts = await Promise.all([pool.encode(texts.slice(0, 100)), pool.encode(texts.slice(100))])
      expect(parts.flatMap(({ data }) => [...data])).toEqual([...expected.data])
    })
  })

  it('redoes the texts of a worker that was killed', async () => {
    const got = await withPool({ workerFile: crashingWorker }, (pool) =>
      pool.encode([...texts, 'kill me once']),
    )
    expect(existsSync(process.env.CRASH_MARKER as string)).toBe(true)
    expect(got.data.subarray(0, expected.data.length)).toEqual(expected.data)
    expect(got.data.subarray(expected.data.length)).toEqual((await single.encode(['kill me once'])).data)
  })

  it('fails with WORKER_CRASHED when the same texts kill two workers, and works on afterwards', async () => {
    await withPool({ workerFile: crashingWorker }, async (pool) => {
      await expect(pool.encode([...texts, 'kill me'])).rejects.toMatchObject({ code: 'WORKER_CRASHED' })
      expect(await pool.encode(['still here'])).toEqual(await single.encode(['still here']))
    })
  })

  it('says WORKER_CRASHED with the worker’s own words when it cannot start', async () => {
    await withPool({ workerFile: resolve('no-such-worker.js') }, async (pool) => {
      const failure = await pool.encode(['text']).catch((error) => error)
      expect(failure.code).toBe('WORKER_CRASHED')
      expect(failure.detail.got).toContain('no-such-worker.js')
    })
  })

  it('passes on why a model does not open', async () => {
    const broken = { ...model, weights: resolve('package.json') }
    await withPool({ model: broken }, async (pool) => {
      await expect(pool.encode(['text'])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    })
  })

  it('stops one call at its signal and keeps serving others', async () => {
    await withPool({}, async (pool) => {
      const controller = new AbortController()
      const cancelled = pool.encode(texts, {
        signal: controller.signal,
        onProgress: () => controller.abort(),
      })
      const other = pool.encode(['another'])
      await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' })
      expect(await other).toEqual(await single.encode(['another']))
      await expect(pool.encode(texts, { signal: controller.signal })).rejects.toMatchObject({
        code: 'CANCELLED',
      })
    })
  })

  it('is disposed of by its own signal, with calls in work', async () => {
    const controller = new AbortController()
    await withPool({ signal: controller.signal }, async (pool) => {
      const call = pool.encode(texts, { onProgress: () => controller.abort() })
      await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
      await expect(pool.encode(['text'])).rejects.toMatchObject({ code: 'CANCELLED' })
    })
    const opened = openEncoderPool({ model, workerFile, processes: 1, signal: controller.signal })
    await expect(opened).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('leaves no process behind when the parent goes away', async () => {
    const worker = fork(workerFile, [], { serialization: 'advanced', execArgv: [] })
    await once(worker, 'spawn')
    worker.send({ type: 'open', model })
    worker.send({ type: 'work', chunk: 0, items: ['text'] })
    await once(worker, 'message')
    worker.disconnect()
    expect(await once(worker, 'exit')).toEqual([0, null])
  })
})
