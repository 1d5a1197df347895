import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Encoder } from '../../../src/main/engine/encoders/encoder'
import { resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { loadTokenizer } from '../../../src/main/engine/encoders/tokenizer'
import { openTransformerEncoder } from '../../../src/main/engine/encoders/transformer-encoder'
import { readSafetensors } from '../../../src/main/engine/formats/safetensors'
import { dot, gatherRows, type Matrix, row } from '../../../src/main/engine/numeric/matrix'

/** test/oracle/encoder.py: fp32 weights with Python's tokenizers and ONNX Runtime; 200 texts, then the extreme ones. */
const cases: { kind: string; text: string; tokens: number[] }[] = JSON.parse(
  readFileSync('test/fixtures/encoder/texts.json', 'utf8'),
)
const { vectors } = readSafetensors(readFileSync('test/fixtures/encoder/vectors.safetensors')).tensors
const expected: Matrix = { rows: cases.length, columns: 384, data: vectors.data as Float32Array }
const texts = cases.map(({ text }) => text)
const ordinary = cases.flatMap(({ kind }, i) => (kind === 'extreme' ? [] : [i]))
const extreme = cases.flatMap(({ kind }, i) => (kind === 'extreme' ? [i] : []))

const fp32Folder = resolve('../shared/models/all-MiniLM-L6-v2')

function cosines(got: Matrix): number[] {
  return cases.map((_, i) => dot(row(got, i), row(expected, i)))
}

function sorted(values: readonly number[], indices: readonly number[]): number[] {
  return indices.map((i) => values[i]).sort((a, b) => a - b)
}

describe('the reference vectors', () => {
  const recorded = JSON.parse(readFileSync('test/fixtures/encoder/sentence-transformers.json', 'utf8'))

  it('are those that test/oracle/encoder_sentence_transformers.py held against sentence-transformers’ own', () => {
    for (const [name, sha256] of Object.entries(recorded.files)) {
      const bytes = readFileSync(`test/fixtures/encoder/${name}`)
      expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(sha256)
    }
    expect(Object.keys(recorded.files)).toEqual(['texts.json', 'vectors.safetensors'])
    expect(recorded).toMatchObject({
      ordinary: { texts: ordinary.length },
      extreme: { texts: extreme.length },
      precision: ['torch.float32'],
    })
  })

  it.each(['ordinary', 'extreme'])('of %s texts had cosines of at least .9999 to these', (kind) => {
    expect(recorded[kind].leastCosine).toBeGreaterThanOrEqual(0.9999)
  })
})

describe('tokenizer', () => {
  it('gives the tokens of Python’s tokenizers, cut to 256 with the closing [SEP]', async () => {
    const tokenize = await loadTokenizer(await resolveModel('all-MiniLM-L6-v2', ['resources/models']))
    expect(ordinary).toHaveLength(200)
    for (const { text, tokens } of cases) expect(tokenize(text)).toEqual(tokens)
    const lengths = new Set(cases.map(({ tokens }) => tokens.length))
    for (const length of [2, 254, 255, 256]) expect(lengths).toContain(length)
    for (const { tokens } of cases) expect([tokens[0], tokens.at(-1)]).toEqual([101, 102])
  })
})

describe('the vendored int8 encoder', () => {
  let encoder: Encoder
  let got: Matrix

  beforeAll(async () => {
    encoder = await openTransformerEncoder(await resolveModel('all-MiniLM-L6-v2', ['resources/models']))
    got = await encoder.encode(texts)
  })
  afterAll(() => encoder.dispose())

  it('is close to the fp32 vectors: median cosine ≥ .99, minimum ≥ .96 over the 200', () => {
    const values = sorted(cosines(got), ordinary)
    expect((values[99] + values[100]) / 2).toBeGreaterThanOrEqual(0.99)
    expect(values[0]).toBeGreaterThanOrEqual(0.96)
  })

  it('loses more on runs of punctuation, lone signs and rare scripts, but not the direction', () => {
    expect(sorted(cosines(got), extreme)[0]).toBeGreaterThanOrEqual(0.88)
  })

  it('gives unit vectors, the empty text included', () => {
    for (let i = 0; i < cases.length; i++) expect(dot(row(got, i), row(got, i))).toBeCloseTo(1, 5)
  })

  it('reads the first 256 tokens of a document of 100,000 characters, and no more', async () => {
    const long = 'corpus '.repeat(15_000)
    const [whole, start] = [long, long.slice(0, 7 * 300)].map((text) => encoder.encode([text]))
    expect((await whole).data).toEqual((await start).data)
  })

  it('gives a text the same bits in any order and company', async () => {
    const order = [7, 150, 3, 60, 60, 199]
    expect(await encoder.encode(order.map((i) => texts[i]))).toEqual(gatherRows(got, order))
  })

  it('reports progress and stops at its signal', async () => {
    const controller = new AbortController()
    let last = 0
    const stopped = encoder.encode(texts, {
      signal: controller.signal,
      onProgress: (done, total) => {
        expect(total).toBe(texts.length)
        last = done
        if (done === 10) controller.abort()
      },
    })
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(last).toBe(10)
  })

  it('encodes nothing to nothing', async () => {
    expect(await encoder.encode([])).toEqual({ rows: 0, columns: 384, data: new Float32Array(0) })
  })
})

describe('the fp32 encoder', () => {
  it('gives the reference vectors: every cosine ≥ .99999, in batches of any composition', async (context) => {
    if (!existsSync(fp32Folder)) {
      context.skip(`no fp32 weights: ${fp32Folder} is not there`)
    }
    const encoder = await openTransformerEncoder(await resolveModel(`${fp32Folder}:fp32`, []))
    const got = await encoder.encode(texts)
    expect(Math.min(...cosines(got))).toBeGreaterThanOrEqual(0.99999)
    const few = [3, 190, 50]
    const alone = await encoder.encode(few.map((i) => texts[i]))
    few.forEach((i, r) => {
      expect(dot(row(alone, r), row(got, i))).toBeGreaterThanOrEqual(0.999999)
    })
    await encoder.dispose()
  })
})
