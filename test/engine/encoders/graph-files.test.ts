import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import onnxProto from 'onnx-proto'
import { describe, expect, it } from 'vitest'
import { addModel } from '../../../src/main/engine/encoders/adding/add-model'
import { hubModelSource } from '../../../src/main/engine/encoders/adding/hub-source'
import { localModelSource, type ModelSource } from '../../../src/main/engine/encoders/adding/model-source'
import { externalData } from '../../../src/main/engine/encoders/graphs/external-data'
import { graphSignature } from '../../../src/main/engine/encoders/graphs/graph-signature'
import { resolveModel } from '../../../src/main/engine/encoders/model-folder'
import { openModelEncoder } from '../../../src/main/engine/encoders/open-encoder'
import { tryPairModel } from '../../../src/main/engine/teachers/try-pair-model'
import { temporaryFolder } from '../../temporary-folder'
import { startHub } from './hub-server'
import { copyModel, tinyBert } from './model-fixture'

const { onnx } = onnxProto
const never = new AbortController().signal
const GRAPH = 'onnx/model.onnx'

/** The tiny BERT with its greatest tensors in files of their own, by these names. */
async function withExternalData(names: readonly string[]): Promise<string> {
  const folder = await copyModel(tinyBert, join(await temporaryFolder(), 'model'))
  const file = join(folder, GRAPH)
  const model = onnx.ModelProto.decode(await readFile(file))
  const tensors = [...model.graph!.initializer!].sort(
    (a, b) => (b.rawData?.length ?? 0) - (a.rawData?.length ?? 0),
  )
  for (const [i, name] of names.entries()) {
    const tensor = tensors[i]
    const place = join(folder, dirname(GRAPH), name)
    await mkdir(dirname(place), { recursive: true })
    if (!name.startsWith('..')) await writeFile(place, tensor.rawData!)
    const values = { location: name, offset: '0', length: String(tensor.rawData!.length) }
    tensor.externalData = Object.entries(values).map(([key, value]) => ({ key, value }))
    tensor.dataLocation = onnx.TensorProto.DataLocation.EXTERNAL
    tensor.rawData = new Uint8Array(0)
  }
  await writeFile(file, onnx.ModelProto.encode(model).finish())
  return folder
}

async function add(source: ModelSource): Promise<string> {
  const modelsFolder = await temporaryFolder()
  const common = {
    wanted: undefined,
    now: () => new Date(0),
    signal: never,
    pause: never,
    tryPair: tryPairModel,
  }
  await addModel({ source, id: 'tiny', modelsFolder, onProgress: () => undefined, ...common })
  return join(modelsFolder, 'tiny')
}

async function vectorsOf(folder: string): Promise<Float32Array> {
  const encoder = await openModelEncoder(await resolveModel(folder, []))
  const { data } = await encoder.encode(['the oak by the river'])
  await encoder.dispose()
  return data
}

it('what a graph takes and gives is read without running it; of what is no graph nothing', async () => {
  expect(await graphSignature(join(tinyBert, GRAPH))).toEqual({
    inputs: ['input_ids', 'attention_mask', 'token_type_ids'],
    outputs: [{ name: 'last_hidden_state', type: 'float32', shape: ['n', 'l', 32] }],
  })
  expect(await graphSignature(join(tinyBert, 'tokenizer.json'))).toBeNull()
})

describe('weights beside their graph', () => {
  const NAMES = ['weights.bin', 'model.onnx_data', 'More weights.data']

  it('are found by the names that the graph gives, and there are none where it gives none', async () => {
    expect(await externalData(join(await withExternalData(NAMES), GRAPH))).toEqual([...NAMES].sort())
    expect(await externalData(join(tinyBert, GRAPH))).toEqual([])
    expect(await externalData(join(tinyBert, 'tokenizer.json'))).toEqual([])
  })

  it.each(['folder', 'hub'])('come along from a %s, whatever they are called', async (from) => {
    const folder = await withExternalData(NAMES)
    const source =
      from === 'folder'
        ? await localModelSource(folder)
        : await hubModelSource(
            { endpoint: (await startHub('org/tiny', folder)).endpoint, token: undefined, fetch },
            'org/tiny',
            'main',
            never,
          )
    const added = await add(source)
    expect(await readdir(join(added, 'onnx'))).toEqual([...NAMES, 'model.onnx'].sort())
    expect(await vectorsOf(added)).toEqual(await vectorsOf(tinyBert))
    const { files } = JSON.parse(await readFile(join(added, 'SOURCE.json'), 'utf8'))
    for (const name of NAMES) expect(files).toHaveProperty([`onnx/${name}`])
    // Held to their checksums from now on.
    const place = join(added, 'onnx', NAMES[0])
    const bytes = await readFile(place)
    bytes[0] ^= 1
    await writeFile(place, bytes)
    await expect(resolveModel(added, [])).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      detail: { where: place },
    })
  })

  it('decide the fingerprint', async () => {
    const folder = await withExternalData(['weights.bin'])
    const before = (await resolveModel(folder, [])).fingerprint
    const place = join(folder, 'onnx/weights.bin')
    const bytes = await readFile(place)
    bytes[0] ^= 1
    await writeFile(place, bytes)
    expect((await resolveModel(folder, [])).fingerprint).not.toBe(before)
  })

  it('that are missing are said by name, and nothing is added', async () => {
    const folder = await withExternalData(['weights.bin'])
    await rm(join(folder, 'onnx/weights.bin'))
    const failure = await add(await localModelSource(folder)).catch((error) => error)
    expect(failure).toMatchObject({ code: 'MODEL_MISSING' })
    expect(failure.detail.expected).toContain('onnx/weights.bin')
  })

  it.each(['../../outside.bin', '/tmp/outside.bin'])('at %s are refused', async (name) => {
    const folder = await copyModel(tinyBert, join(await temporaryFolder(), 'model'))
    const file = join(folder, GRAPH)
    const model = onnx.ModelProto.decode(await readFile(file))
    model.graph!.initializer![0].externalData = [{ key: 'location', value: name }]
    await writeFile(file, onnx.ModelProto.encode(model).finish())
    await expect(resolveModel(folder, [])).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  })
})

/** A graph that casts its tokens to a float of this type and gives them back, one component each. */
function castingGraph(type: 'FLOAT' | 'FLOAT16', divide: boolean): Uint8Array {
  const elemType = onnx.TensorProto.DataType[type]
  const { INT64 } = onnx.TensorProto.DataType
  const shape = (...names: string[]) => ({ dim: names.map((dimParam) => ({ dimParam })) })
  const { AttributeType } = onnx.AttributeProto
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: 'cast',
      node: [
        { opType: 'Unsqueeze', input: ['input_ids', 'axis'], output: ['wide'] },
        {
          opType: 'Cast',
          input: ['wide'],
          output: ['float'],
          attribute: [{ name: 'to', type: AttributeType.INT, i: elemType }],
        },
        // 0/0 where it is divided.
        { opType: 'Sub', input: ['float', 'float'], output: ['zero'] },
        {
          opType: divide ? 'Div' : 'Add',
          input: divide ? ['zero', 'zero'] : ['float', 'zero'],
          output: ['tokens'],
        },
        { opType: 'Tile', input: ['tokens', 'repeats'], output: ['hidden'] },
      ],
      initializer: [
        { name: 'axis', dataType: INT64, dims: [1], int64Data: [2] },
        { name: 'repeats', dataType: INT64, dims: [3], int64Data: [1, 1, 32] },
      ],
      input: [{ name: 'input_ids', type: { tensorType: { elemType: INT64, shape: shape('b', 't') } } }],
      output: [{ name: 'hidden', type: { tensorType: { elemType, shape: shape('b', 't', 'w') } } }],
    },
  })
  return onnx.ModelProto.encode(model).finish()
}

describe('a graph that gives', () => {
  const withGraph = async (graph: Uint8Array) => {
    const folder = await copyModel(tinyBert, join(await temporaryFolder(), 'model'))
    await writeFile(join(folder, GRAPH), graph)
    return folder
  }

  it('half precision gives what it gives in float32, with the same finite numbers demanded of it', async () => {
    const half = await withGraph(castingGraph('FLOAT16', false))
    expect((await resolveModel(half, [])).runner).toMatchObject({ by: 'transformers.js', output: 'hidden' })
    expect(await vectorsOf(half)).toEqual(await vectorsOf(await withGraph(castingGraph('FLOAT', false))))
    await expect(vectorsOf(await withGraph(castingGraph('FLOAT16', true)))).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
    })
  })

  it('numbers that are none is MODEL_CORRUPT, with the text', async () => {
    const encoder = await openModelEncoder(
      await resolveModel(await withGraph(castingGraph('FLOAT', true)), []),
    )
    const failure = await encoder.encode(['the oak']).catch((error) => error)
    await encoder.dispose()
    expect(failure).toMatchObject({ code: 'MODEL_CORRUPT' })
    expect(failure.detail.got).toContain('the oak')
    expect((await vectorsOf(await withGraph(castingGraph('FLOAT', false)))).every(Number.isFinite)).toBe(true)
  })
})
