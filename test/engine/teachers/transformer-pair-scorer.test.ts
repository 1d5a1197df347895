import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { loadPairTokenizer, longestFirst } from '../../../src/main/engine/teachers/pair-tokenizer'
import {
  openTransformerPairScorer,
  resolvePairModel,
} from '../../../src/main/engine/teachers/transformer-pair-scorer'
import { bert, everyToken, largestOfSecond, makePairModel } from './made-pair-model'

interface Golden {
  vnni: boolean
  pairs: {
    query: string
    document: string
    maxTokens: number
    ids: number[]
    types: number[]
    score: number
  }[]
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/cross-encoder.json', import.meta.url), 'utf8'),
)
const lengths = [...new Set(golden.pairs.map(({ maxTokens }) => maxTokens))]
const shared = resolve('../shared/models/ms-marco-MiniLM-L-12-v2')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hydra-pairs-'))
})
afterAll(() => rm(folder, { recursive: true }))

const makeModel = (name: string, graph: Uint8Array) => makePairModel(join(folder, name), graph)

describe('the pair tokenizer', () => {
  it.each(lengths)('has the token ids of the Python tokenizers, cut to %i', async (maxTokens) => {
    const tokenize = await loadPairTokenizer(await modelOf(bert), maxTokens)
    for (const { query, document, ids, types } of golden.pairs.filter((one) => one.maxTokens === maxTokens)) {
      expect(tokenize([query, document])).toEqual({ ids, types, length: ids.length })
    }
  })

  it('cuts the longer text first, then both', () => {
    expect(longestFirst(3, 4, 10)).toEqual([3, 4])
    expect(longestFirst(3, 40, 10)).toEqual([3, 7])
    expect(longestFirst(40, 3, 10)).toEqual([7, 3])
    expect(longestFirst(40, 50, 11)).toEqual([5, 6])
    expect(longestFirst(50, 40, 11)).toEqual([6, 5])
    expect(longestFirst(5, 5, 3)).toEqual([1, 2])
    expect(longestFirst(0, 9, 4)).toEqual([0, 4])
  })
})

if (!existsSync(shared)) console.log(`skipped: scores of the cross-encoder, no ${shared}`)

/** int8 kernels differ between kinds of CPU: scores of −11 to 8 then move by some tenths. */
function tolerance(): number {
  const flags = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : ''
  return /avx512_vnni|avx_vnni/.test(flags) === golden.vnni ? 1e-3 : 0.5
}

describe('scores', () => {
  it.skipIf(!existsSync(shared)).each(lengths)(
    'are those of onnxruntime in Python, up to %i tokens',
    async (maxTokens) => {
      const pairs = golden.pairs.filter((one) => one.maxTokens === maxTokens)
      const scorer = await openTransformerPairScorer(await resolvePairModel(shared, []), maxTokens)
      const progress: number[] = []
      const scores = await scorer.score(
        pairs.map(({ query, document }) => [query, document] as const),
        { onProgress: (done) => progress.push(done) },
      )
      pairs.forEach(({ score }, i) => {
        expect(Math.abs(scores[i] - score)).toBeLessThanOrEqual(tolerance())
      })
      expect(progress.at(-1)).toBe(pairs.length)
      await scorer.dispose()
    },
  )

  it('in batches of like length are those of one pair at a time', async () => {
    const scorer = await openTransformerPairScorer(
      await modelOf(await makeModel('largest', largestOfSecond)),
      64,
    )
    const pairs = golden.pairs.filter((one) => one.maxTokens === 64)
    const scores = await scorer.score(pairs.map(({ query, document }) => [query, document] as const))
    pairs.forEach(({ ids, types }, i) => {
      expect(scores[i]).toBe(Math.max(...ids.map((id, t) => id * types[t])))
    })
    await scorer.dispose()
  })

  it('stop when cancelled', async () => {
    const scorer = await openTransformerPairScorer(
      await modelOf(await makeModel('cancelled', largestOfSecond)),
      64,
    )
    const cancelled = scorer.score([['a', 'b']], { signal: AbortSignal.abort() })
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' })
    await scorer.dispose()
  })

  it('have a fingerprint that depends on the model and on the length', async () => {
    const model = await modelOf(await makeModel('fingerprint', largestOfSecond))
    const scorers = [await openTransformerPairScorer(model, 64), await openTransformerPairScorer(model, 65)]
    expect(scorers[0].fingerprint).not.toBe(scorers[1].fingerprint)
    await Promise.all(scorers.map((scorer) => scorer.dispose()))
  })
})

describe('a folder that is no cross-encoder', () => {
  it('is MODEL_MISSING, in words about cross-encoders', async () => {
    const failure = await resolvePairModel('no-such-model', [folder]).catch((error) => error)
    expect(failure).toMatchObject({ code: 'MODEL_MISSING' })
    expect(failure.detail.expected).toContain('cross-encoder')
    await mkdir(join(folder, 'bare'))
    await copyFile(join(bert, 'config.json'), join(folder, 'bare', 'config.json'))
    await expect(resolvePairModel('bare', [folder])).rejects.toMatchObject({ code: 'MODEL_MISSING' })
  })

  it('is MODEL_CORRUPT where a file is not what SOURCE.json says or no JSON', async () => {
    const place = await makeModel('corrupt', largestOfSecond)
    const published = { bytes: 1, sha256: '0'.repeat(64) }
    await writeFile(join(place, 'SOURCE.json'), JSON.stringify({ files: { 'onnx/model.onnx': published } }))
    await expect(resolvePairModel(place, [])).rejects.toMatchObject({ code: 'MODEL_CORRUPT' })
    await rm(join(place, 'SOURCE.json'))
    await writeFile(join(place, 'config.json'), '{')
    await expect(resolvePairModel(place, [])).rejects.toMatchObject({ code: 'MODEL_CORRUPT' })
  })

  it('is MODEL_UNSUPPORTED with a broken graph, another output or a broken tokenizer', async () => {
    const broken = await modelOf(await makeModel('broken', Uint8Array.of(1, 2, 3)))
    await expect(openTransformerPairScorer(broken, 64)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    const tokens = await openTransformerPairScorer(await modelOf(await makeModel('tokens', everyToken)), 64)
    await expect(tokens.score([['a', 'b']])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    await tokens.dispose()
    const place = await makeModel('words', largestOfSecond)
    await writeFile(join(place, 'tokenizer.json'), '{}')
    await expect(openTransformerPairScorer(await modelOf(place), 64)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    })
  })
})

function modelOf(place: string) {
  return resolveModel(place, [])
}
