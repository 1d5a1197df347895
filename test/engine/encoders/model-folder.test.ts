import { createHash } from 'node:crypto'
import { chmod, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as ort from 'onnxruntime-node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { loadTokenizer } from '../../../src/main/engine/encoders/tokenizer'
import { openTransformerEncoder } from '../../../src/main/engine/encoders/transformer-encoder'
import { dot, normalizeInPlace, row } from '../../../src/main/engine/numeric/matrix'

const vendored = resolve('resources/models/all-MiniLM-L6-v2')

let root: string
let folder: string

/** A copy that a test may damage, in `<root>/org/name`. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hydra-model-'))
  folder = join(root, 'org', 'name')
  await cp(vendored, folder, { recursive: true })
})
afterEach(() => rm(root, { recursive: true }))

async function edit(file: string, change: (json: Record<string, unknown>) => unknown) {
  const path = join(folder, file)
  await chmod(path, 0o644)
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))))
}

/** Without SOURCE.json nothing is held to a checksum: what a model of one's own looks like. */
async function unpublish() {
  await rm(join(folder, 'SOURCE.json'))
}

describe('resolveModel', () => {
  it('finds the vendored model by its id and reads its settings', async () => {
    expect(await resolveModel('all-MiniLM-L6-v2', [root, 'resources/models'])).toMatchObject({
      id: 'all-MiniLM-L6-v2',
      folder: vendored,
      dtype: 'int8',
      dimensions: 384,
      maxTokens: 256,
      pooling: 'mean',
      lowerCase: false,
      sha256: createHash('sha256')
        .update(await readFile(join(vendored, 'onnx/model_quantized.onnx')))
        .digest('hex'),
    })
  })

  it('finds org/name below a root and any folder by its path, under an id that opens it again', async () => {
    const byName = await resolveModel('org/name', ['resources/models', root])
    expect(byName).toMatchObject({ id: 'org/name', folder })
    const byPath = await resolveModel(folder, [])
    expect(byPath).toEqual({ ...byName, id: folder })
    expect(await resolveModel(`${folder}:int8`, [])).toEqual(byPath)
    expect(await resolveModel(byPath.id, ['resources/models'])).toEqual(byPath)
  })

  it('takes int8 where both are, fp32 when asked for or alone', async () => {
    await unpublish()
    await symlink(join(folder, 'onnx/model_quantized.onnx'), join(folder, 'onnx/model.onnx'))
    expect(await resolveModel(folder, [])).toMatchObject({ id: folder, dtype: 'int8' })
    expect(await resolveModel(`${folder}:fp32`, [])).toMatchObject({ id: `${folder}:fp32`, dtype: 'fp32' })
    await rm(join(folder, 'onnx/model.onnx'))
    await cp(join(vendored, 'onnx/model_quantized.onnx'), join(folder, 'onnx/model.onnx'))
    await rm(join(folder, 'onnx/model_quantized.onnx'))
    expect(await resolveModel(folder, [])).toMatchObject({ id: folder, dtype: 'fp32' })
  })

  it.each(['nothing-of-this-name', '', './nowhere', '/nowhere', 'all-MiniLM-L6-v2:fp32'])(
    'says MODEL_MISSING for %j',
    async (name) => {
      await expect(resolveModel(name, ['resources/models'])).rejects.toMatchObject({ code: 'MODEL_MISSING' })
    },
  )

  it.each(['onnx/model_quantized.onnx', 'tokenizer.json', 'modules.json', '1_Pooling/config.json'])(
    'says MODEL_CORRUPT with the file and both checksums when %s differs by a byte',
    async (file) => {
      const path = join(folder, file)
      const bytes = await readFile(path)
      bytes[bytes.length >> 1] ^= 1
      await chmod(path, 0o644)
      await writeFile(path, bytes)
      const source = JSON.parse(await readFile(join(folder, 'SOURCE.json'), 'utf8'))
      const failure = await resolveModel(folder, []).catch((error) => error)
      expect(failure.code).toBe('MODEL_CORRUPT')
      expect(failure.detail.where).toBe(path)
      expect(failure.detail.expected).toContain(source.files[file].sha256)
      expect(failure.detail.got).toContain(createHash('sha256').update(bytes).digest('hex'))
    },
  )

  it('says MODEL_MISSING with the path when a file of the model is gone', async () => {
    await rm(join(folder, 'tokenizer.json'))
    await expect(resolveModel(folder, [])).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      detail: { where: join(folder, 'tokenizer.json') },
    })
    await unpublish()
    await expect(resolveModel(folder, [])).rejects.toMatchObject({ code: 'MODEL_MISSING' })
  })

  it('says MODEL_CORRUPT for settings that are not JSON or not settings', async () => {
    await unpublish()
    await edit('config.json', () => ({ hidden_size: 'wide' }))
    await expect(resolveModel(folder, [])).rejects.toMatchObject({ code: 'MODEL_CORRUPT' })
    await writeFile(join(folder, 'config.json'), '{')
    await expect(resolveModel(folder, [])).rejects.toMatchObject({ code: 'MODEL_CORRUPT' })
  })

  it('says MODEL_UNSUPPORTED for further modules and other poolings', async () => {
    await unpublish()
    await edit('1_Pooling/config.json', (json) => ({
      ...json,
      pooling_mode_mean_tokens: false,
      pooling_mode_max_tokens: true,
    }))
    await expect(resolveModel(folder, [])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    await edit('modules.json', (json) => [
      ...(json as unknown as unknown[]),
      { idx: 3, name: '3', path: '3_Dense', type: 'sentence_transformers.models.Dense' },
    ])
    await expect(resolveModel(folder, [])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  })

  it('gives another fingerprint whenever a vector may change', async () => {
    await unpublish()
    const seen = new Set([(await resolveModel(folder, [])).fingerprint])
    await edit('sentence_bert_config.json', (json) => ({ ...json, max_seq_length: 128 }))
    expect(await resolveModel(folder, [])).toMatchObject({ maxTokens: 128 })
    seen.add((await resolveModel(folder, [])).fingerprint)
    await edit('sentence_bert_config.json', (json) => ({ ...json, do_lower_case: true }))
    seen.add((await resolveModel(folder, [])).fingerprint)
    await edit('1_Pooling/config.json', () => ({ pooling_mode_cls_token: true }))
    seen.add((await resolveModel(folder, [])).fingerprint)
    await edit('tokenizer.json', (json) => ({ ...json, normalizer: null }))
    seen.add((await resolveModel(folder, [])).fingerprint)
    expect(seen.size).toBe(5)
  })

  it('limits texts to what the model says, [SEP] kept', async () => {
    await unpublish()
    await edit('sentence_bert_config.json', () => ({ max_seq_length: 8 }))
    const tokenize = await loadTokenizer(await resolveModel(folder, []))
    expect(tokenize('one two three four five six seven')).toEqual([
      101, 2028, 2048, 2093, 2176, 2274, 2416, 102,
    ])
    expect(tokenize('one two')).toEqual([101, 2028, 2048, 102])
  })

  it('takes the vector of [CLS] where the model says so', async () => {
    await unpublish()
    await edit('1_Pooling/config.json', () => ({ pooling_mode_cls_token: true }))
    const model = await resolveModel(folder, [])
    const encoder = await openTransformerEncoder(model)
    const got = await encoder.encode(['a viola'])
    await encoder.dispose()

    const session = await ort.InferenceSession.create(model.weights)
    const ids = (await loadTokenizer(model))('a viola')
    const shape = [1, ids.length]
    const { last_hidden_state: hidden } = await session.run({
      input_ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
      attention_mask: new ort.Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
      token_type_ids: new ort.Tensor('int64', new BigInt64Array(ids.length), shape),
    })
    const cls = normalizeInPlace((hidden.data as Float32Array).slice(0, 384))
    expect(dot(row(got, 0), cls)).toBeCloseTo(1, 5)
    await session.release()
  })

  it('says MODEL_UNSUPPORTED for a tokenizer or a graph that cannot be read', async () => {
    await unpublish()
    const model = await resolveModel(folder, [])
    await writeFile(join(folder, 'onnx/model_quantized.onnx'), 'not a graph')
    await expect(openTransformerEncoder(model)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    await edit('tokenizer.json', () => ({ model: { type: 'of our own' } }))
    await expect(loadTokenizer(model)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  })
})
