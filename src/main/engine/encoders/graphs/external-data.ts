import { posix } from 'node:path'
import { HydraError } from '../../../../shared/errors'
import { type ProtobufFile, readProtobuf } from './protobuf-file'

/**
 * Fields of ONNX's protobuf on the way from a model to the places of its weights (onnx.proto3): graph, nodes, attributes,
 * subgraphs, tensors, and of a tensor its external_data, pairs of key and value.
 */
type Message =
  | 'model'
  | 'graph'
  | 'node'
  | 'attribute'
  | 'sparse'
  | 'tensor'
  | 'pair'
  | 'function'
  | 'training'
const CHILDREN: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'pair' },
  pair: {},
}
const [KEY, VALUE] = [1, 2]

/**
 * Files beside an ONNX graph in which its weights lie, by the names that the graph itself gives, each once. The graph is walked
 * in its file, and weights that lie in it are stepped over.
 */
export async function externalData(graph: string): Promise<string[]> {
  const found = new Set<string>()
  await readProtobuf(graph, (file) => walk(file, file.size, 'model', found))
  for (const name of found) if (leaves(name)) throw outside(graph, name)
  return [...found].sort()
}

async function walk(file: ProtobufFile, end: number, message: Message, found: Set<string>): Promise<void> {
  let key = ''
  let value = ''
  for await (const { number, stop } of file.fields(end)) {
    if (stop === null) continue
    const child = CHILDREN[message][number]
    if (child) await walk(file, stop, child, found)
    else if (message === 'pair' && number === KEY) key = await file.text(stop)
    else if (message === 'pair' && number === VALUE) value = await file.text(stop)
  }
  if (message === 'pair' && key === 'location') found.add(value)
}

function leaves(name: string): boolean {
  const plain = posix.normalize(name.replaceAll('\\', '/'))
  return name === '' || plain.startsWith('/') || plain.startsWith('..') || /^[A-Za-z]:/.test(plain)
}

function outside(graph: string, name: string): HydraError {
  return new HydraError('MODEL_UNSUPPORTED', {
    expected: 'weights in files beside the graph or below',
    got: JSON.stringify(name),
    remedy: 'Export the model again, its external data beside its graph.',
    where: graph,
  })
}
