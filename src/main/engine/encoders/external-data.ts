import { type FileHandle, open } from 'node:fs/promises'
import { posix } from 'node:path'
import { HydraError } from '../../../shared/errors'

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

/** Bytes read at once. */
const WINDOW = 1 << 16

/**
 * Files beside an ONNX graph in which its weights lie, by the names that the graph itself gives, each once. The graph is walked
 * in its file, and weights that lie in it are stepped over: it may be 2 GB.
 */
export async function externalData(graph: string): Promise<string[]> {
  const file = await open(graph)
  const found = new Set<string>()
  try {
    const { size } = await file.stat()
    await walk(new Bytes(file, size), size, 'model', found)
  } catch (error) {
    // What is no protobuf has no places either; ONNX Runtime says what is wrong with it.
    if (!(error instanceof NotProtobuf)) throw error
  } finally {
    await file.close()
  }
  for (const name of found) if (leaves(name)) throw outside(graph, name)
  return [...found].sort()
}

class NotProtobuf extends Error {}

async function walk(bytes: Bytes, end: number, message: Message, found: Set<string>): Promise<void> {
  let key = ''
  let value = ''
  while (bytes.at < end) {
    const tag = await bytes.varint()
    const field = Math.floor(tag / 8)
    const wire = tag % 8
    if (wire === 0) await bytes.varint()
    else if (wire === 1) bytes.at += 8
    else if (wire === 5) bytes.at += 4
    else if (wire === 2) {
      const stop = (await bytes.varint()) + bytes.at
      if (stop > end) throw new NotProtobuf()
      const child = CHILDREN[message][field]
      if (child) await walk(bytes, stop, child, found)
      else if (message === 'pair' && field === KEY) key = await bytes.text(stop)
      else if (message === 'pair' && field === VALUE) value = await bytes.text(stop)
      bytes.at = stop
    } else throw new NotProtobuf()
  }
  if (message === 'pair' && key === 'location') found.add(value)
}

/** A file, read by windows as it is walked. */
class Bytes {
  at = 0
  private start = 0
  private window = Buffer.alloc(0)

  constructor(
    private readonly file: FileHandle,
    private readonly size: number,
  ) {}

  async varint(): Promise<number> {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = await this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new NotProtobuf()
  }

  async text(end: number): Promise<string> {
    const bytes = Buffer.alloc(Math.min(end, this.size) - this.at)
    await this.file.read(bytes, 0, bytes.length, this.at)
    return bytes.toString('utf8')
  }

  private async byte(): Promise<number> {
    const place = this.at - this.start
    if (place < 0 || place >= this.window.length) {
      if (this.at >= this.size) throw new NotProtobuf()
      const { buffer, bytesRead } = await this.file.read(Buffer.alloc(WINDOW), 0, WINDOW, this.at)
      this.start = this.at
      this.window = buffer.subarray(0, bytesRead)
    }
    return this.window[this.at++ - this.start]
  }
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
