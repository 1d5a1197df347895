import { type ProtobufFile, readProtobuf } from './protobuf-file'

/** A tensor that a graph gives. */
interface GraphOutput {
  readonly name: string
  /** Of its numbers, as ONNX Runtime calls it; null: one that no encoder gives. */
  readonly type: 'float32' | 'float16' | null
  /** A dimension that varies is a name; null: the graph does not say. */
  readonly shape: readonly (number | string)[] | null
}

/** What a graph says that it takes and gives. */
export interface GraphSignature {
  readonly inputs: readonly string[]
  readonly outputs: readonly GraphOutput[]
}

/** Fields of onnx.proto3 on the way to inputs and outputs, by the message that has them. */
const GRAPH = 7
const [INPUT, OUTPUT] = [11, 12]
const [NAME, TYPE] = [1, 2]
const TENSOR = 1
const [ELEMENT, SHAPE] = [1, 2]
const DIMENSION = 1
const [SIZE, SYMBOL] = [1, 2]

/** TensorProto.DataType. */
const ELEMENTS: Readonly<Record<number, GraphOutput['type']>> = { 1: 'float32', 10: 'float16' }

/** Inputs and outputs of an ONNX file, read where they lie and without running it; null: it is none, as ONNX Runtime will say. */
export async function graphSignature(graph: string): Promise<GraphSignature | null> {
  const inputs: string[] = []
  const outputs: GraphOutput[] = []
  const isGraph = await readProtobuf(graph, async (file) => {
    for await (const { number, stop } of file.fields(file.size)) {
      if (number !== GRAPH || stop === null) continue
      for await (const value of file.fields(stop)) {
        if (value.stop === null) continue
        if (value.number === INPUT) inputs.push((await readValue(file, value.stop)).name)
        else if (value.number === OUTPUT) outputs.push(await readValue(file, value.stop))
      }
    }
  })
  return isGraph ? { inputs, outputs } : null
}

async function readValue(file: ProtobufFile, end: number): Promise<GraphOutput> {
  let name = ''
  let tensor: Omit<GraphOutput, 'name'> = { type: null, shape: null }
  for await (const { number, stop } of file.fields(end)) {
    if (stop === null) continue
    if (number === NAME) name = await file.text(stop)
    else if (number === TYPE) {
      for await (const kind of file.fields(stop))
        if (kind.number === TENSOR && kind.stop !== null) tensor = await readTensor(file, kind.stop)
    }
  }
  return { name, ...tensor }
}

async function readTensor(file: ProtobufFile, end: number): Promise<Omit<GraphOutput, 'name'>> {
  let type: GraphOutput['type'] = null
  let shape: (number | string)[] | null = null
  for await (const { number, value, stop } of file.fields(end)) {
    if (number === ELEMENT) type = ELEMENTS[value] ?? null
    else if (number === SHAPE && stop !== null) {
      shape = []
      for await (const one of file.fields(stop))
        if (one.number === DIMENSION && one.stop !== null) shape.push(await readDimension(file, one.stop))
    }
  }
  return { type, shape }
}

async function readDimension(file: ProtobufFile, end: number): Promise<number | string> {
  let dimension: number | string = ''
  for await (const { number, value, stop } of file.fields(end)) {
    if (number === SIZE && stop === null) dimension = value
    else if (number === SYMBOL && stop !== null) dimension = await file.text(stop)
  }
  return dimension
}
