import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { generatorKind } from '../../../src/main/engine/encoders/transformers/generator-kind'
import { resolveGenerator } from '../../../src/main/engine/encoders/transformers/generator-model'
import type { QueryGenerator, Writing } from '../../../src/main/engine/encoders/transformers/query-generator'
import { openTransformersGenerator } from '../../../src/main/engine/encoders/transformers/transformers-generator'
import { writingFingerprint } from '../../../src/main/engine/encoders/transformers/writing-fingerprint'
import { makeGenerator } from './tiny-generator'

const words = [
  'oak',
  'maple',
  'birch',
  'harbour',
  'lighthouse',
  'anchor',
  'piano',
  'violin',
  'drum',
  'orchestra',
]
const documents = [
  'Oak and birch, maple beside the harbour.',
  'The lighthouse, an anchor, the harbour',
  'A PIANO; a violin: the orchestra.',
]
const writing: Writing = { perDocument: 3, seed: 1, prompt: null }
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hydra-generators-'))
})
afterAll(() => rm(root, { recursive: true }))

describe.each(['seq2seq', 'causal'] as const)('a %s model', (kind) => {
  let folder: string
  let generator: QueryGenerator
  const open = async (asked: Partial<Writing> = {}) =>
    openTransformersGenerator(await resolveGenerator(folder, []), { ...writing, ...asked })

  beforeAll(async () => {
    folder = await makeGenerator(join(root, kind), kind, words)
    generator = await open()
  })
  afterAll(() => generator.dispose())

  it('writes queries of each document, the same for the same seed and whatever stands beside it', async () => {
    const queries = await generator.generate(documents)
    expect(queries.map((of) => of.length > 0 && of.length <= 3)).toEqual([true, true, true])
    for (const [d, of] of queries.entries())
      for (const query of of)
        for (const word of query.split(' ')) expect(documents[d].toLowerCase()).toContain(word)
    expect(await generator.generate([documents[2], documents[0]])).toEqual([queries[2], queries[0]])
  })

  it('writes others for another seed or prompt, whose {document} is where the document goes', async () => {
    const other = await open({ seed: 2, prompt: 'drum {document}', perDocument: 8 })
    const queries = await other.generate(documents.slice(0, 1))
    await other.dispose()
    expect(queries.flat().some((query) => query.includes('drum'))).toBe(true)
    expect(queries.flat().some((query) => /oak|birch|maple/.test(query))).toBe(true)
    const model = await resolveGenerator(folder, [])
    const fingerprints = [writing, { ...writing, seed: 2 }, { ...writing, prompt: '{document}' }].map((one) =>
      writingFingerprint(model, one),
    )
    expect(new Set(fingerprints).size).toBe(3)
  })

  it('stops at a signal', async () => {
    const controller = new AbortController()
    const done: number[] = []
    const onProgress = (count: number) => {
      done.push(count)
      controller.abort()
    }
    await expect(
      generator.generate(documents, { signal: controller.signal, onProgress }),
    ).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(done).toEqual([1])
  })
})

describe('a generator’s folder', () => {
  it.each(['seq2seq', 'causal'] as const)('is refused as an encoder’s: %s', async (kind) => {
    const folder = await makeGenerator(join(root, `named-${kind}`), kind, words)
    await expect(resolveModel(folder, [])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  })

  it('is told from an encoder’s that was made of a causal model, and needs all of its graphs', async () => {
    const folder = await makeGenerator(join(root, 'broken'), 'seq2seq', words)
    expect(await generatorKind(folder)).toBe('seq2seq')
    await rm(join(folder, 'onnx', 'decoder_model_merged.onnx'))
    await expect(resolveGenerator(folder, [])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    await expect(resolveGenerator(`${folder}?cut=8`, [])).rejects.toMatchObject({ code: 'USAGE' })
    await expect(resolveGenerator('nowhere', [root])).rejects.toMatchObject({ code: 'MODEL_MISSING' })
    await writeFile(join(folder, 'modules.json'), '[]')
    expect(await generatorKind(folder)).toBe(null)
    await expect(resolveGenerator(folder, [])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  })
})
