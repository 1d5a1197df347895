import onnxProto from 'onnx-proto'

// A CommonJS package: named imports are not found by Node's loader.
const { onnx } = onnxProto
const { AttributeType } = onnx.AttributeProto

/** One node of a graph; attributes are numbers: whole ones are written as INT, others given as `{ float }`. */
export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, number | { readonly float: number }>>
}

/** A named input or output; a dimension is a size or the name of one that varies. */
export interface OnnxValue {
  readonly name: string
  readonly type: 'float' | 'int64'
  readonly shape: readonly (number | string)[]
}

/** A small ONNX model (opset 13) as bytes that ONNX Runtime loads: the one place that knows onnx-proto. */
export function onnxModel(graph: {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: graph.name,
      node: graph.nodes.map(({ op, inputs, outputs, attributes = {} }) => ({
        opType: op,
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(attributes).map(([name, value]) =>
          typeof value === 'number'
            ? { name, type: AttributeType.INT, i: value }
            : { name, type: AttributeType.FLOAT, f: value.float },
        ),
      })),
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
    },
  })
  return onnx.ModelProto.encode(model).finish()
}

function valueInfo({ name, type, shape }: OnnxValue) {
  const { FLOAT, INT64 } = onnx.TensorProto.DataType
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType: type === 'float' ? FLOAT : INT64, shape: { dim } } } }
}
