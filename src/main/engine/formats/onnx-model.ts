import onnxProto from 'onnx-proto'

// A CommonJS package: named imports are not found by Node's loader.
const { onnx } = onnxProto
const { AttributeType } = onnx.AttributeProto

/** One node of a graph; attributes are numbers: whole ones are written as INT, lists of them as INTS, others given as `{ float }`. */
export interface OnnxNode {
  readonly op: string
  /** Whose operator it is; ONNX's own unless said. */
  readonly domain?: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, number | readonly number[] | { readonly float: number }>>
}

/** A named input or output; a dimension is a size or the name of one that varies. Without a shape even their number varies. */
export interface OnnxValue {
  readonly name: string
  readonly type: 'float' | 'int64'
  readonly shape: readonly (number | string)[] | null
}

/** Numbers that a graph holds, by name: weights, shapes, positions. */
export interface OnnxConstant {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

/** A small ONNX model (opset 13) as bytes that ONNX Runtime loads. This file is the one place that knows onnx-proto. */
export function onnxModel(graph: {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly constants?: readonly OnnxConstant[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [
      { domain: '', version: 13 },
      ...graph.nodes.flatMap(({ domain }) => (domain ? [{ domain, version: 1 }] : [])),
    ],
    graph: {
      name: graph.name,
      node: graph.nodes.map(nodeProto),
      initializer: (graph.constants ?? []).map(tensorProto),
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
    },
  })
  return onnx.ModelProto.encode(model).finish()
}

/** A model as others wrote it, as far as a graph can be put behind it. */
export interface ForeignModel {
  /** Of the operators without a domain. */
  readonly opset: number
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /**
   * The model with these nodes behind its own, and these outputs in place of its own. Everything else stays as it is.
   * @param addition its names must be no names of the model
   */
  extend(addition: {
    readonly nodes: readonly OnnxNode[]
    readonly constants: readonly OnnxConstant[]
    readonly outputs: readonly OnnxValue[]
  }): Uint8Array
}

/** @throws what onnx-proto throws where the bytes are no model */
export function readOnnxModel(bytes: Uint8Array): ForeignModel {
  const model = onnx.ModelProto.decode(bytes)
  const graph = model.graph ?? {}
  const { initializer = [], node = [] } = graph
  const held = new Set(initializer?.map(({ name }) => name))
  return {
    opset: Number(model.opsetImport?.find(({ domain }) => !domain)?.version ?? 0),
    inputs: (graph.input ?? []).flatMap(({ name }) => (name && !held.has(name) ? [name] : [])),
    outputs: (graph.output ?? []).flatMap(({ name }) => name ?? []),
    extend({ nodes, constants, outputs }) {
      const extended = onnx.ModelProto.create({
        ...model,
        graph: {
          ...graph,
          node: [...(node ?? []), ...nodes.map(nodeProto)],
          initializer: [...(initializer ?? []), ...constants.map(tensorProto)],
          output: outputs.map(valueInfo),
        },
      })
      return onnx.ModelProto.encode(extended).finish()
    },
  }
}

function nodeProto({ op, domain = '', inputs, outputs, attributes = {} }: OnnxNode) {
  return {
    opType: op,
    domain,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([name, value]) => {
      if (typeof value === 'number') return { name, type: AttributeType.INT, i: value }
      if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float }
      return { name, type: AttributeType.INTS, ints: [...value] }
    }),
  }
}

function tensorProto({ name, shape, data }: OnnxConstant) {
  const { FLOAT, INT64 } = onnx.TensorProto.DataType
  return {
    name,
    dims: [...shape],
    dataType: data instanceof Float32Array ? FLOAT : INT64,
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  }
}

function valueInfo({ name, type, shape }: OnnxValue) {
  const { FLOAT, INT64 } = onnx.TensorProto.DataType
  const dim = shape?.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  const elemType = type === 'float' ? FLOAT : INT64
  return { name, type: { tensorType: { elemType, ...(dim ? { shape: { dim } } : {}) } } }
}
