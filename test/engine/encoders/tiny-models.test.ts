import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cachedEncoder } from '../../../src/main/engine/encoders/cache/vector-cache'
import type { TextRole } from '../../../src/main/engine/encoders/encoder'
import { resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { openModelEncoder } from '../../../src/main/engine/encoders/open-encoder'
import { prefixedEncoder } from '../../../src/main/engine/encoders/prefixed-encoder'
import { writeSafetensors } from '../../../src/main/engine/formats/safetensors'
import { dot, type Matrix, row } from '../../../src/main/engine/numeric/matrix'
import { temporaryFolder } from '../../temporary-folder'
import { copyModel, readReference, setJson, tinyBert, tinyStatic } from './model-fixture'

async function encode(
  name: string,
  texts: readonly string[],
  role?: TextRole,
  cache?: string,
): Promise<Matrix> {
  const model = await resolveModel(name, [])
  const opened = await openModelEncoder(model)
  const encoder = prefixedEncoder(cache ? cachedEncoder(opened, cache) : opened, model.prefixes)
  try {
    return await encoder.encode(texts, { role })
  } finally {
    await encoder.dispose()
  }
}

function leastCosine(got: Matrix, expected: Matrix): number {
  expect([got.rows, got.columns]).toEqual([expected.rows, expected.columns])
  return Math.min(...Array.from({ length: got.rows }, (_, i) => dot(row(got, i), row(expected, i))))
}

const flags = { mean: 'mean_tokens', cls: 'cls_token', last: 'lasttoken' }

describe('a BERT of width 32', () => {
  for (const pooling of ['mean', 'cls', 'last'] as const) {
    for (const role of ['none', 'query', 'document'] as const) {
      for (const cut of [32, 12]) {
        it(`gives the reference vectors: ${pooling}, prefix ${role}, ${cut} components`, async () => {
          const { texts, prefixes, vectors } = await readReference(tinyBert)
          const folder = await copyModel(tinyBert, join(await temporaryFolder(), 'model'))
          // As the model's own files say it.
          await setJson(folder, '1_Pooling/config.json', {
            pooling_mode_mean_tokens: false,
            [`pooling_mode_${flags[pooling]}`]: true,
          })
          if (role !== 'none') {
            const prompts = { query: prefixes.query, passage: prefixes.document }
            await setJson(folder, 'config_sentence_transformers.json', { prompts, truncate_dim: cut })
          } else await setJson(folder, 'config_sentence_transformers.json', { truncate_dim: cut })
          const expected = vectors(`${pooling}+${role}+${cut}`)
          const asked = role === 'none' ? undefined : role
          expect(leastCosine(await encode(folder, texts, asked), expected)).toBeGreaterThanOrEqual(0.99999)
          // As the name overrules them.
          const options = `pooling=${pooling}&cut=${cut}&query=${prefixes.query}&document=${prefixes.document}`
          const bare = role === 'none' ? `pooling=${pooling}&cut=${cut}` : options
          const overruled = await encode(`${tinyBert}?${bare}`, texts, asked)
          expect(leastCosine(overruled, expected)).toBeGreaterThanOrEqual(0.99999)
        })
      }
    }
  }

  it('says what it is, and its name opens it again with every option', async () => {
    const name = `${tinyBert}?query=find this: &cut=12&pooling=mean&tokens=9&document=50%25 %26 `
    const model = await resolveModel(name, [])
    expect(model).toMatchObject({
      kind: 'transformer',
      width: 32,
      dimensions: 12,
      maxTokens: 9,
      pooling: 'mean',
      prefixes: { query: 'find this: ', document: '50% & ' },
    })
    // What the folder gives by itself is not in the name; an end's space can be seen.
    expect(model.id).toBe(`${tinyBert}?cut=12&tokens=9&query=find this:%20&document=50%25 %26%20`)
    expect(await resolveModel(model.id, [])).toEqual(model)
    expect((await resolveModel(`${tinyBert}?cut=32&pooling=mean`, [])).id).toBe(tinyBert)
  })

  it('has another fingerprint with each option, and the plain one without', async () => {
    const options = ['', 'pooling=cls', 'pooling=last', 'cut=12', 'tokens=9', 'query=q: ', 'document=q: ']
    const models = await Promise.all(options.map((one) => resolveModel(`${tinyBert}?${one}`, [])))
    expect(new Set(models.map(({ fingerprint }) => fingerprint)).size).toBe(options.length)
    expect(new Set(models.map(({ sha256 }) => sha256)).size).toBe(1)
  })

  it('keeps a text as query and the same text as document apart in the vector cache', async () => {
    const { texts, prefixes, vectors } = await readReference(tinyBert)
    const cache = await temporaryFolder()
    const name = `${tinyBert}?query=${prefixes.query}&document=${prefixes.document}`
    for (const pass of ['encoded', 'cached']) {
      for (const role of ['query', 'document'] as const) {
        const got = await encode(name, texts, role, cache)
        expect(leastCosine(got, vectors(`mean+${role}+32`)), pass).toBeGreaterThanOrEqual(0.99999)
      }
    }
  })

  it('takes the prompt that sentence-transformers takes by default', async () => {
    const folder = await copyModel(tinyBert, join(await temporaryFolder(), 'model'))
    const prompts = { other: 'x: ', corpus: 'c: ' }
    await setJson(folder, 'config_sentence_transformers.json', { prompts, default_prompt_name: 'other' })
    expect((await resolveModel(folder, [])).prefixes).toEqual({ query: 'x: ', document: 'c: ' })
    expect((await resolveModel(`${folder}?query=`, [])).prefixes).toEqual({ query: '', document: 'c: ' })
  })
})

describe('a static model', () => {
  it('gives the reference vectors; a text without known tokens is zero', async () => {
    const { texts, vectors } = await readReference(tinyStatic)
    const got = await encode(tinyStatic, texts)
    const expected = vectors('vectors')
    expect(await resolveModel(tinyStatic, [])).toMatchObject({
      kind: 'static',
      dimensions: 48,
      dropUnknown: true,
    })
    let known = 0
    for (let i = 0; i < texts.length; i++) {
      const length = dot(row(expected, i), row(expected, i))
      if (length === 0) expect(Math.max(...row(got, i).map(Math.abs))).toBe(0)
      else expect(dot(row(got, i), row(expected, i))).toBeGreaterThanOrEqual(0.99999)
      known += Number(length > 0)
    }
    expect([known, texts.length]).toEqual([8, 10])
  })

  it('is read in the layout of sentence-transformers, without config.json', async () => {
    const folder = join(await temporaryFolder(), 'model')
    await copyModel(tinyStatic, join(folder, '0_StaticEmbedding'))
    await rm(join(folder, '0_StaticEmbedding', 'config.json'))
    await setJson(folder, 'modules.json', [
      { path: '0_StaticEmbedding', type: 'sentence_transformers.models.StaticEmbedding' },
    ])
    const { texts, vectors } = await readReference(tinyStatic)
    const got = await encode(`${folder}?cut=16`, texts.slice(0, 3))
    expect(got.columns).toBe(16)
    const first = Float32Array.from(row(vectors('vectors'), 0).slice(0, 16))
    expect(dot(row(got, 0), first) / Math.sqrt(dot(first, first))).toBeGreaterThanOrEqual(0.99999)
    expect(await resolveModel(folder, [])).toMatchObject({
      kind: 'static',
      dimensions: 48,
      dropUnknown: false,
    })
  })

  it.each([
    ['another dtype', { embeddings: { dtype: 'U8' as const, shape: [4, 2], data: new Uint8Array(8) } }],
    ['no table', { weights: { dtype: 'F32' as const, shape: [2], data: new Float32Array(2) } }],
  ])('is MODEL_UNSUPPORTED with %s, and says the file', async (_what, tensors) => {
    const folder = await copyModel(tinyStatic, join(await temporaryFolder(), 'model'))
    await writeFile(join(folder, 'model.safetensors'), writeSafetensors(tensors))
    await expect(resolveModel(folder, [])).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      detail: { where: join(folder, 'model.safetensors') },
    })
  })

  it('is FILE_INVALID when its table is cut short, and MODEL_UNSUPPORTED with another pooling', async () => {
    const folder = await copyModel(tinyStatic, join(await temporaryFolder(), 'model'))
    await expect(resolveModel(`${folder}?pooling=cls`, [])).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    })
    const table = join(folder, 'model.safetensors')
    await truncate(table, 4000)
    const failure = await resolveModel(folder, []).catch((error) => error)
    expect(failure).toMatchObject({ code: 'FILE_INVALID', detail: { where: table } })
    expect(failure.detail.got).toContain('4000 bytes')
  })
})

describe('what cannot be used', () => {
  it.each([
    [
      'config_sentence_transformers.json',
      { similarity_fn_name: 'dot' },
      ['modules.json', []],
      'MODEL_UNSUPPORTED',
    ],
    [
      '1_Pooling/config.json',
      { pooling_mode_mean_tokens: false, pooling_mode_max_tokens: true },
      null,
      'MODEL_UNSUPPORTED',
    ],
    ['config.json', { hidden_size: undefined }, null, 'MODEL_CORRUPT'],
    ['config.json', { matryoshka_dimensions: [8, 16] }, null, null],
  ] as const)('%s with %j', async (file, members, other, code) => {
    const folder = await copyModel(tinyBert, join(await temporaryFolder(), 'model'))
    await setJson(folder, file, members)
    if (other) {
      const modules = JSON.parse(await readFile(join(folder, 'modules.json'), 'utf8'))
      await setJson(folder, 'modules.json', modules.slice(0, 2))
    }
    if (code === null) {
      expect((await resolveModel(`${folder}?cut=16`, [])).dimensions).toBe(16)
      await expect(resolveModel(`${folder}?cut=12`, [])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
      return
    }
    await expect(resolveModel(folder, [])).rejects.toMatchObject({ code })
    if (other)
      expect((await resolveModel(`${folder}?similarity=cosine`, [])).id).toContain('?similarity=cosine')
  })

  it.each(['cut=33', 'tokens=41'])('?%s is more than the model has', async (option) => {
    await expect(resolveModel(`${tinyBert}?${option}`, [])).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    })
  })

  it.each(['cut=0', 'cut=x', 'pooling=max', 'nonsense=1', 'cut', 'query=%'])(
    '?%s is not understood',
    async (option) => {
      await expect(resolveModel(`${tinyBert}?${option}`, [])).rejects.toMatchObject({ code: 'USAGE' })
    },
  )

  it('another width than config.json says, before anything is encoded', async () => {
    const folder = await copyModel(tinyBert, join(await temporaryFolder(), 'model'))
    await setJson(folder, 'config.json', { hidden_size: 48 })
    const failure = await openModelEncoder(await resolveModel(folder, [])).catch((error) => error)
    expect(failure).toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      detail: { where: join(folder, 'onnx/model.onnx') },
    })
    expect(failure.detail.expected).toContain('48')
    expect(failure.detail.got).toContain('32')
  })

  it('a graph that is cut short, and a tokenizer of an unknown type', async () => {
    const folder = await copyModel(tinyBert, join(await temporaryFolder(), 'model'))
    const model = await resolveModel(folder, [])
    await truncate(model.weights, 9000)
    await expect(openModelEncoder(model)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      detail: { where: model.weights },
    })
    const json = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8'))
    await setJson(folder, 'tokenizer.json', { model: { ...json.model, type: 'SentenceFlower' } })
    const failure = await openModelEncoder(model).catch((error) => error)
    expect(failure).toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      detail: { where: join(folder, 'tokenizer.json') },
    })
    expect(failure.detail.got).toContain('SentenceFlower')
  })
})
