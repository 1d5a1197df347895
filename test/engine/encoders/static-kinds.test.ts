import { readdirSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { openModelEncoder } from '../../../src/main/engine/encoders/open-encoder'
import { readTokenizerFile } from '../../../src/main/engine/encoders/tokenizing/tokenizer-file'
import { FLOAT_DTYPES } from '../../../src/main/engine/formats/floats'
import { readSafetensors } from '../../../src/main/engine/formats/safetensors'
import { dot, row } from '../../../src/main/engine/numeric/matrix'
import { storedAs } from '../../stored-as'
import { temporaryFolder } from '../../temporary-folder'
import { copyModel, readReference, setJson, tinyBert, tinyStatic } from './model-fixture'

/** test/oracle/encoders_model2vec.py: a tokenizer of each kind, tables in several floats. */
const kinds = join(import.meta.dirname, '../../fixtures/encoders/static-kinds')

async function encode(folder: string, texts: readonly string[]) {
  return (await openModelEncoder(await resolveModel(folder, []))).encode(texts)
}

describe.each(readdirSync(kinds))('a static model with tokenizer %s', (kind) => {
  it('gives the vectors of model2vec', async () => {
    const folder = join(kinds, kind)
    const { texts, vectors } = await readReference(folder)
    const [got, expected] = [await encode(folder, texts), vectors('vectors')]
    const cosines = texts.map((text, i) => {
      const [own, other] = [row(got, i), row(expected, i)]
      const lengths = Math.sqrt(dot(own, own) * dot(other, other))
      return {
        text,
        cosine: lengths > 0 ? dot(own, other) / lengths : Number(dot(own, own) === dot(other, other)),
      }
    })
    expect(cosines.filter(({ cosine }) => !(cosine >= 0.99999))).toEqual([])
  })
})

it.each([
  ['unigram', 'unk_token', (vocabulary: string[]) => vocabulary.at(-1)],
  ['wordpiece', 'unk_id', (vocabulary: string[]) => vocabulary.length - 1],
] as const)("a tokenizer %s does not look at %s, another kind's field", async (kind, field, value) => {
  const plain = join(kinds, kind)
  const folder = await copyModel(plain, join(await temporaryFolder(), 'model'))
  const { model } = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8'))
  const vocabulary = Array.isArray(model.vocab)
    ? model.vocab.map(([token]: [string]) => token)
    : Object.keys(model.vocab)
  await setJson(folder, 'tokenizer.json', { model: { ...model, [field]: value(vocabulary) } })
  const read = (at: string) => readTokenizerFile(at).then(({ unknown }) => unknown)
  expect(await read(folder)).toBe(await read(plain))
  expect(await read(plain)).not.toBeNull()
})

/** The tiny static model with its table changed. */
async function withTable(
  dtype: string,
  change: (data: Float32Array, columns: number) => Float32Array = (data) => data,
): Promise<string> {
  const folder = await copyModel(tinyStatic, join(await temporaryFolder(), 'model'))
  const file = join(folder, 'model.safetensors')
  const { embeddings } = readSafetensors(await readFile(file)).tensors
  const columns = embeddings.shape[1]
  const data = change((embeddings.data as Float32Array).slice(), columns)
  await writeFile(file, storedAs(dtype, { embeddings: { shape: [data.length / columns, columns], data } }))
  return folder
}

describe('a static table', () => {
  it.each(Object.entries(FLOAT_DTYPES))('is read in %s, to within its rounding', async (dtype, roundoff) => {
    const { texts } = await readReference(tinyStatic)
    const [own, whole] = [await encode(await withTable(dtype), texts), await encode(tinyStatic, texts)]
    const widest = Math.max(...own.data.map((value, i) => Math.abs(value - whole.data[i])))
    expect(widest).toBeLessThanOrEqual(4 * roundoff + 1e-6)
  })

  it.each(['I8', 'U8', 'F8_E5M2', 'F512'])('in %s is MODEL_UNSUPPORTED, by its dtype', async (dtype) => {
    const failure = await resolveModel(await withTable(dtype), []).catch((error) => error)
    expect(failure).toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    expect(failure.detail.got).toContain(dtype)
  })

  it('of a vocabulary that was quantised is MODEL_UNSUPPORTED, by its tensors', async () => {
    const folder = await copyModel(tinyStatic, join(await temporaryFolder(), 'model'))
    const mapping = { shape: [4], data: [0, 1, 1, 0] }
    const embeddings = { shape: [2, 2], data: [1, 2, 3, 4] }
    await writeFile(join(folder, 'model.safetensors'), storedAs('F64', { embeddings, mapping }))
    const failure = await resolveModel(folder, []).catch((error) => error)
    expect(failure).toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    expect(failure.detail.got).toContain('mapping')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'with %s in it is MODEL_CORRUPT when it is opened',
    async (value) => {
      const folder = await withTable('F32', (data) => data.with(7, value))
      await expect(encode(folder, ['oak'])).rejects.toMatchObject({
        code: 'MODEL_CORRUPT',
        detail: { where: join(folder, 'model.safetensors') },
      })
    },
  )

  it('without a row for every token is MODEL_CORRUPT when it is opened', async () => {
    const folder = await withTable('F32', (data, columns) => data.slice(0, -columns))
    await expect(encode(folder, ['oak'])).rejects.toMatchObject({ code: 'MODEL_CORRUPT' })
  })
})

describe('what the files of a model do not say', () => {
  const assumedOf = async (name: string) => (await resolveModel(name, [])).assumed.map(({ option }) => option)
  const bert = async () => copyModel(tinyBert, join(await temporaryFolder(), 'model'))

  it('is nothing where they say everything', async () => {
    expect(await assumedOf(tinyBert)).toEqual([])
    expect(await assumedOf(tinyStatic)).toEqual([])
  })

  it('is the pooling, until it is said', async () => {
    const folder = await bert()
    await rm(join(folder, '1_Pooling'), { recursive: true })
    // A pooling that is listed and not there is no assumption but a fault.
    await expect(resolveModel(folder, [])).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      detail: { where: join(folder, '1_Pooling/config.json') },
    })
    await rm(join(folder, 'modules.json'))
    expect(await assumedOf(folder)).toEqual(['pooling'])
    expect(await assumedOf(`${folder}?pooling=cls`)).toEqual([])
  })

  it('is what stands before a text, where prompts have other names', async () => {
    const folder = await bert()
    const prompts = { s2p_query: 'Instruct: ', s2s_query: '' }
    await setJson(folder, 'config_sentence_transformers.json', { prompts })
    const model = await resolveModel(folder, [])
    expect(model.assumed.map(({ option }) => option)).toEqual(['query', 'document'])
    expect(model.assumed[0].what).toContain('s2p_query')
    expect(await assumedOf(`${folder}?query=Instruct: &document=`)).toEqual([])
    // Empty prompts say that there is nothing to put before.
    await setJson(folder, 'config_sentence_transformers.json', { prompts: { other: '' } })
    expect(await assumedOf(folder)).toEqual([])
  })

  it.each([1e30, null])('is the longest input, where model_max_length is %s', async (limit) => {
    const folder = await bert()
    await setJson(folder, 'sentence_bert_config.json', { max_seq_length: null })
    await setJson(folder, 'tokenizer_config.json', { model_max_length: limit })
    expect(await resolveModel(folder, [])).toMatchObject({ maxTokens: 40, assumed: [] })
    await setJson(folder, 'config.json', { max_position_embeddings: undefined })
    expect(await resolveModel(folder, [])).toMatchObject({ maxTokens: 512, assumed: [{ option: 'tokens' }] })
    expect(await resolveModel(`${folder}?tokens=30`, [])).toMatchObject({ maxTokens: 30, assumed: [] })
  })

  it.each<[string, object, object]>([
    ['positions of GPT-2', { max_position_embeddings: undefined, n_positions: 33 }, { maxTokens: 33 }],
    [
      'distances of T5',
      { max_position_embeddings: undefined, n_positions: 33, model_type: 't5' },
      { maxTokens: 512 },
    ],
    ['positions of Longformer', { model_type: 'longformer' }, { maxTokens: 38 }],
    ['the width of XLM', { hidden_size: undefined, emb_dim: 32 }, { width: 32 }],
    ['the length of what a model writes', { max_length: 20 }, { maxTokens: 40 }],
  ])('is spelled otherwise: %s', async (_what, config, expected) => {
    const folder = await bert()
    await setJson(folder, 'sentence_bert_config.json', { max_seq_length: null })
    await setJson(folder, 'tokenizer_config.json', { model_max_length: null })
    await setJson(folder, 'config.json', config)
    expect(await resolveModel(folder, [])).toMatchObject(expected)
  })

  it('lies in files of other names: sentence_roberta_config.json', async () => {
    const folder = await bert()
    await rename(join(folder, 'sentence_bert_config.json'), join(folder, 'sentence_roberta_config.json'))
    expect((await resolveModel(folder, [])).maxTokens).toBe((await resolveModel(tinyBert, [])).maxTokens)
  })

  it.each(['euclidean', 'manhattan', 'dot_score'])(
    'similarity %s is refused until cosine is asked for',
    async (name) => {
      const folder = await bert()
      await setJson(folder, 'config_sentence_transformers.json', { similarity_fn_name: name })
      const modules = JSON.parse(await readFile(join(folder, 'modules.json'), 'utf8'))
      await setJson(folder, 'modules.json', modules.slice(0, 2))
      await expect(resolveModel(folder, [])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
      expect((await resolveModel(`${folder}?similarity=cosine`, [])).dimensions).toBe(32)
    },
  )

  it.each(['tokens=0x10', 'tokens=1e2', 'cut=', 'cut= 8'])('?%s is no number', async (option) => {
    await expect(resolveModel(`${tinyBert}?${option}`, [])).rejects.toMatchObject({ code: 'USAGE' })
  })
})
