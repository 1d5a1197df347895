import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import onnxProto from 'onnx-proto'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { addModel } from '../../../src/main/engine/encoders/adding/add-model'
import { localModelSource } from '../../../src/main/engine/encoders/adding/model-source'
import { type ResolvedModel, resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { openModelEncoder } from '../../../src/main/engine/encoders/open-encoder'
import { loadTokenizer } from '../../../src/main/engine/encoders/tokenizer'
import { generatorKind } from '../../../src/main/engine/encoders/transformers/generator-kind'
import { loadTransformers } from '../../../src/main/engine/encoders/transformers/load-library'
import { requireLocal } from '../../../src/main/engine/exporting/require-local'
import { dot, row } from '../../../src/main/engine/numeric/matrix'
import { loadPairTokenizer } from '../../../src/main/engine/teachers/pair-tokenizer'
import { openTransformerPairScorer } from '../../../src/main/engine/teachers/transformer-pair-scorer'
import { tryPairModel } from '../../../src/main/engine/teachers/try-pair-model'
import { temporaryFolder } from '../../temporary-folder'
import { bert } from '../teachers/made-pair-model'
import { copyModel, oddModel, setJson, tinyBert } from './model-fixture'

const { onnx } = onnxProto
const never = new AbortController().signal
const modelOf = (folder: string) => resolveModel(folder, [])
const copyOf = async (name: Parameters<typeof oddModel>[0]) =>
  copyModel(oddModel(name), join(await temporaryFolder(), name))
const readReference = async (name: Parameters<typeof oddModel>[0]) =>
  JSON.parse(await readFile(join(oddModel(name), 'reference.json'), 'utf8'))

async function encode(model: ResolvedModel, texts: readonly string[]) {
  const encoder = await openModelEncoder(model)
  try {
    return await encoder.encode(texts)
  } finally {
    await encoder.dispose()
  }
}

/** The folder's graph, changed. */
async function changeGraph(
  folder: string,
  file: string,
  change: (graph: NonNullable<ReturnType<typeof onnx.ModelProto.decode>['graph']>) => void,
): Promise<string> {
  const path = join(folder, 'onnx', file)
  const model = onnx.ModelProto.decode(await readFile(path))
  change(model.graph!)
  await writeFile(path, onnx.ModelProto.encode(model).finish())
  return folder
}

/** With another name for its first output. */
const renameOutput = (folder: string, file: string, name: string) =>
  changeGraph(folder, file, ({ node, output }) => {
    const before = output![0].name!
    for (const one of node!) one.output = one.output!.map((made) => (made === before ? name : made))
    for (const one of node!) one.input = one.input!.map((taken) => (taken === before ? name : taken))
    output![0].name = name
  })

describe('an encoder that is run by', () => {
  it.each([
    ['half', 'transformers.js', 'half precision', 'mean'],
    ['pooled', 'transformers.js', 'sentence_embedding', 'graph'],
    ['cached', 'transformers.js', 'key-value cache', 'last'],
    // What the tokenizers package reads needs no other.
    ['words', 'ONNX Runtime', null, 'mean'],
  ] as const)('%s: %s, gives the tokens and vectors of Python', async (name, by, why, pooling) => {
    const { texts, ids, vectors } = await readReference(name)
    const model = await modelOf(oddModel(name))
    expect(model).toMatchObject({ runner: { by }, pooling, dimensions: 16, maxTokens: 24, assumed: [] })
    if (why) expect(model.runner!.why).toContain(why)
    else expect(model.runner!.why).toBeNull()
    const tokenize = await loadTokenizer(model)
    expect(texts.map(tokenize)).toEqual(ids)
    const got = await encode(model, texts)
    for (const [i, vector] of vectors.entries())
      expect(dot(row(got, i), Float32Array.from(vector))).toBeGreaterThanOrEqual(0.99999)
  })

  it('either gives the same vectors to the bit, long texts cut alike, so that one cache holds both', async () => {
    const texts = ['the oak by the river', '', 'Σίσυφος 信息 café', 'a boat on the river '.repeat(200)]
    for (const folder of [tinyBert, bert]) {
      const model = await modelOf(folder)
      expect(model.runner).toMatchObject({ by: 'ONNX Runtime', why: null })
      const other = {
        by: 'transformers.js',
        why: 'asked',
        use: 'encoder',
        output: 'last_hidden_state',
      } as const
      expect(await encode({ ...model, runner: other }, texts)).toEqual(await encode(model, texts))
    }
  })

  it('transformers.js where token vectors are not the first output', async () => {
    const folder = await changeGraph(await copyOf('words'), 'model.onnx', ({ node, output }) => {
      node!.push({ opType: 'Gather', input: ['last_hidden_state', 'first'], output: ['pooler_output'] })
      node!.at(-1)!.attribute = [{ name: 'axis', type: onnx.AttributeProto.AttributeType.INT, i: 1 }]
      const { FLOAT } = onnx.TensorProto.DataType
      const shape = { dim: [{ dimParam: 'n' }, { dimValue: 16 }] }
      output!.unshift({ name: 'pooler_output', type: { tensorType: { elemType: FLOAT, shape } } })
    })
    await changeGraph(folder, 'model.onnx', ({ initializer }) => {
      const { INT64 } = onnx.TensorProto.DataType
      initializer!.push({ name: 'first', dataType: INT64, int64Data: [0], dims: [] })
    })
    const model = await modelOf(folder)
    expect(model.runner).toMatchObject({ by: 'transformers.js', output: 'last_hidden_state' })
    const texts = ['the oak', 'a boat on the river']
    expect(await encode(model, texts)).toEqual(await encode(await modelOf(oddModel('words')), texts))
  })

  it('transformers.js, a decoder without a language model’s head, is no generator, whatever its name', async () => {
    const folder = await copyOf('cached')
    for (const part of ['modules.json', '1_Pooling']) await rm(join(folder, part), { recursive: true })
    expect(await generatorKind(folder)).toBeNull()
    const { texts, vectors } = await readReference('cached')
    const got = await encode(await modelOf(`${folder}?pooling=last`), texts)
    for (const [i, vector] of vectors.entries())
      expect(dot(row(got, i), Float32Array.from(vector))).toBeGreaterThanOrEqual(0.99999)
    await renameOutput(folder, 'model.onnx', 'logits')
    expect(await generatorKind(folder)).toBe('causal')
  })

  it('transformers.js has no files of its own to put into an export', async () => {
    const instead = { remedy: 'Export the head.', command: 'hydra export' }
    const half = await modelOf(oddModel('half'))
    expect(() => requireLocal(half, instead)).toThrow(expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }))
    const words = await modelOf(oddModel('words'))
    expect(requireLocal(words, instead)).toBe(words)
  })
})

describe('a cross-encoder with a Unigram tokenizer', () => {
  it('and logits in half precision gives the tokens and scores of Python', async () => {
    const { pairs, maxTokens, ids, scores } = await readReference('pairs')
    const model = await modelOf(oddModel('pairs'))
    expect(model.runner).toMatchObject({ by: 'transformers.js', use: 'cross-encoder', output: 'logits' })
    const tokenize = await loadPairTokenizer(model, maxTokens)
    expect(pairs.map((pair: [string, string]) => tokenize(pair).ids)).toEqual(ids)
    const scorer = await openTransformerPairScorer(model, maxTokens)
    const got = await scorer.score(pairs)
    await scorer.dispose()
    // Three digits are what half precision keeps of scores between 1 and 4.
    for (const [i, score] of scores.entries()) expect(Math.abs(got[i] - score)).toBeLessThan(4e-3)
  })

  it('is tried when it is added, and of a kind that nothing runs it is not added', async () => {
    const modelsFolder = await temporaryFolder()
    const add = async (folder: string, id: string) =>
      addModel({
        source: await localModelSource(folder),
        ...{ id, modelsFolder, wanted: undefined, now: () => new Date(0), signal: never, pause: never },
        ...{ onProgress: () => undefined, tryPair: tryPairModel },
      })
    expect(await add(oddModel('pairs'), 'pairs')).toMatchObject({ id: 'pairs', dtype: 'fp16' })
    const other = await copyOf('pairs')
    await setJson(other, 'config.json', { model_type: 'qwen3' })
    await expect(add(other, 'other')).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    await expect(resolveModel('other', [modelsFolder])).rejects.toMatchObject({ code: 'MODEL_MISSING' })
  })
})

describe('what neither runs is MODEL_UNSUPPORTED', () => {
  const failureOf = async (folder: string, name = folder) => {
    const failure = await modelOf(name)
      .then((model) => encode(model, ['the oak']))
      .catch((error) => error)
    expect(failure).toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    return failure.detail
  }

  it('a causal model, which gives scores of the next token', async () => {
    const folder = await renameOutput(await copyOf('cached'), 'model.onnx', 'logits')
    expect((await failureOf(folder)).got).toContain('logits')
  })

  it('an encoder-decoder', async () => {
    const folder = await copyOf('half')
    await setJson(folder, 'config.json', { model_type: 't5', d_model: 16, is_encoder_decoder: true })
    await failureOf(folder)
  })

  it('a graph with an input that no text gives', async () => {
    const { INT64 } = onnx.TensorProto.DataType
    const folder = await changeGraph(await copyOf('half'), 'model_fp16.onnx', ({ input }) => {
      const shape = { dim: [{ dimParam: 'n' }] }
      input!.push({ name: 'task_id', type: { tensorType: { elemType: INT64, shape } } })
    })
    expect((await failureOf(folder)).got).toContain('task_id')
  })

  it('a tokenizer that transformers.js would guess, and words without one for the unknown', async () => {
    for (const [name, model] of [
      ['half', { type: 'SentenceFlower' }],
      ['words', { unk_token: null }],
    ] as const) {
      const folder = await copyOf(name)
      const tokenizer = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8'))
      await setJson(folder, 'tokenizer.json', { model: { ...tokenizer.model, ...model } })
      await failureOf(folder)
    }
  })

  it('another pooling than a graph does by itself', async () => {
    await failureOf(oddModel('pooled'), `${oddModel('pooled')}?pooling=cls`)
    const folder = await copyOf('pooled')
    await setJson(folder, '1_Pooling/config.json', { include_prompt: false })
    expect((await modelOf(folder)).pooling).toBe('graph')
    await failureOf(folder, `${folder}?query=find: `)
  })
})

it('transformers.js asks no network, even for what is not there', async () => {
  const asked = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'))
  onTestFinished(() => asked.mockRestore())
  const { env } = await loadTransformers()
  expect([env.allowRemoteModels, env.useFSCache]).toEqual([false, false])
  const folder = await copyOf('half')
  const model = await modelOf(folder)
  expect((await encode(model, ['the oak'])).rows).toBe(1)
  await rm(model.weights)
  await expect(openModelEncoder(model)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  expect(asked).not.toHaveBeenCalled()
})
