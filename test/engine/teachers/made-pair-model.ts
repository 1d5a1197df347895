import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { onnxModel } from '../../../src/main/engine/formats/onnx-model'

/** Whose tokenizer the made models have. */
export const bert = resolve(import.meta.dirname, '../../../resources/models/all-MiniLM-L6-v2')

/** A model folder with BERT's tokenizer and a graph of our own. */
export async function makePairModel(place: string, graph: Uint8Array): Promise<string> {
  await mkdir(join(place, 'onnx'), { recursive: true })
  for (const file of ['tokenizer.json', 'tokenizer_config.json', 'config.json']) {
    await copyFile(join(bert, file), join(place, file))
  }
  await writeFile(join(place, 'onnx', 'model.onnx'), graph)
  return place
}

const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids']
const second = [
  { op: 'Mul', inputs: ['input_ids', 'attention_mask'], outputs: ['seen'] },
  { op: 'Mul', inputs: ['seen', 'token_type_ids'], outputs: ['second'] },
]
const graph = (nodes: Parameters<typeof onnxModel>[0]['nodes'], columns: number | string) =>
  onnxModel({
    name: 'largest',
    nodes: [...second, ...nodes],
    inputs: INPUTS.map((name) => ({ name, type: 'int64' as const, shape: ['n', 'l'] })),
    outputs: [{ name: 'score', type: 'float', shape: ['n', columns] }],
  })

/** The largest token id of the second text: a score that says which tokens the model saw, and of which text. */
export const largestOfSecond = graph(
  [
    { op: 'ArgMax', inputs: ['second'], outputs: ['place'], attributes: { axis: 1, keepdims: 1 } },
    { op: 'GatherElements', inputs: ['second', 'place'], outputs: ['largest'], attributes: { axis: 1 } },
    { op: 'Cast', inputs: ['largest'], outputs: ['score'], attributes: { to: 1 } },
  ],
  1,
)
/** A score for every token: no cross-encoder. */
export const everyToken = graph(
  [{ op: 'Cast', inputs: ['second'], outputs: ['score'], attributes: { to: 1 } }],
  'l',
)
