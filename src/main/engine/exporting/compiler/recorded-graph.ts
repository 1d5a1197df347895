import * as tf from '@tensorflow/tfjs'
import type { OnnxConstant, OnnxNode, OnnxValue } from '../../formats/onnx-model'
import type { GraphPart } from '../graphs/head-nodes'

/** What a computation in TensorFlow.js is as a graph. */
export interface RecordedGraph extends GraphPart {
  /** Those that an output depends on. */
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

export interface GraphRecorder {
  /** float32 that whoever runs the graph gives. */
  input(name: string, shape: number[]): tf.Tensor
  /** An operator that TensorFlow.js does not have, or has in another form. Whole numbers are its indices and sizes. */
  node(
    op: string,
    inputs: readonly (tf.Tensor | readonly number[])[],
    result: NodeResult,
    attributes?: OnnxNode['attributes'],
  ): tf.Tensor
}

interface NodeResult {
  readonly shape: number[]
  /** float32 unless said; whole numbers, int64 in the graph, are `int32`. */
  readonly dtype?: tf.DataType
  /** Whether the operator has a second output, which nobody reads. */
  readonly second?: true
}

const BACKEND = 'hydra-recording'

/**
 * Runs a computation once on a backend that computes nothing and writes down what it was asked for, so that what leaves is the
 * very function that was trained and no second version of it. Shapes are those of this one time.
 * @param compute outputs by name; weights must be made into tensors inside
 * @throws what TensorFlow.js throws for an operator that is not in KERNELS, and where a value of an input is asked for
 */
export function recordGraph(
  compute: (recorder: GraphRecorder) => Readonly<Record<string, tf.Tensor>>,
): RecordedGraph {
  const recording = new RecordingBackend()
  const outputs: OnnxValue[] = []
  onBackend(recording, () => {
    for (const [name, tensor] of Object.entries(compute(recording))) {
      recording.nodes.push({ op: 'Identity', inputs: [recording.nameOf(tensor)], outputs: [name] })
      outputs.push({ name, type: tensor.dtype === 'int32' ? 'int64' : 'float', shape: tensor.shape })
    }
  })
  return whatIsUsed(recording, outputs)
}

/** Nothing in here waits, so no other work of the process meets the backend. */
function onBackend(backend: tf.KernelBackend, work: () => void): void {
  const before = tf.getBackend()
  tf.registerBackend(BACKEND, () => backend)
  // A promise, but all of it is done before the first wait, since both backends are there at once.
  void tf.setBackend(BACKEND)
  try {
    tf.tidy(work)
  } finally {
    void tf.setBackend(before)
    tf.removeBackend(BACKEND)
  }
}

function whatIsUsed(
  { nodes, constants, inputs }: Omit<RecordedGraph, 'outputs'>,
  outputs: RecordedGraph['outputs'],
): RecordedGraph {
  const used = new Set(outputs.map(({ name }) => name))
  const kept = nodes
    .toReversed()
    .filter((node) => {
      const needed = node.outputs.some((name) => used.has(name))
      if (needed) for (const name of node.inputs) used.add(name)
      return needed
    })
    .toReversed()
  const isUsed = ({ name }: { readonly name: string }) => used.has(name)
  return { nodes: kept, constants: constants.filter(isUsed), inputs: inputs.filter(isUsed), outputs }
}

class RecordingBackend extends tf.KernelBackend implements GraphRecorder {
  readonly nodes: OnnxNode[] = []
  readonly constants: OnnxConstant[] = []
  readonly inputs: OnnxValue[] = []
  private readonly names = new WeakMap<tf.DataId, string>()
  private readonly written = new WeakMap<tf.DataId, tf.BackendValues>()

  input(name: string, shape: number[]): tf.Tensor {
    this.inputs.push({ name, type: 'float', shape })
    return tensorOf(this.result(name, { shape }))
  }

  node(...[op, inputs, result, attributes]: Parameters<GraphRecorder['node']>): tf.Tensor {
    const names = inputs.map((one) => (one instanceof tf.Tensor ? this.nameOf(one) : this.whole(one)))
    return tensorOf(this.record(op, names, result, attributes))
  }

  record(
    op: string,
    inputs: readonly string[],
    result: NodeResult,
    attributes?: OnnxNode['attributes'],
  ): tf.TensorInfo {
    const name = `${op} ${this.nodes.length}`
    const outputs = result.second ? [name, `${name} second`] : [name]
    this.nodes.push({ op, inputs, outputs, attributes })
    return this.result(name, result)
  }

  /** Of a value that a node or whoever runs the graph makes, or of a constant. */
  nameOf({ dataId, shape, dtype }: tf.TensorInfo): string {
    const known = this.names.get(dataId)
    if (known) return known
    const values = this.written.get(dataId)
    if (!values || dtype !== 'float32')
      throw new RangeError(`a constant of ${dtype} that was not made in here`)
    const name = this.constant(shape, Float32Array.from(values as Float32Array))
    this.names.set(dataId, name)
    return name
  }

  whole(values: readonly number[]): string {
    return this.constant([values.length], BigInt64Array.from(values, BigInt))
  }

  private constant(shape: readonly number[], data: OnnxConstant['data']): string {
    const name = `constant ${this.constants.length}`
    this.constants.push({ name, shape, data })
    return name
  }

  private result(name: string, { shape, dtype = 'float32' }: NodeResult): tf.TensorInfo {
    const dataId = {}
    this.names.set(dataId, name)
    return { dataId, shape, dtype }
  }

  override write(values: tf.BackendValues): tf.DataId {
    const dataId = {}
    this.written.set(dataId, values)
    return dataId
  }

  /** Weights may be looked at; what depends on a card is not known yet. */
  override readSync(dataId: tf.DataId): tf.BackendValues {
    const values = this.written.get(dataId)
    if (values) return values
    throw new RangeError('it reads numbers of the card while it makes the head')
  }

  override incRef(): void {}
  override refCount = () => 1
  override numDataIds = () => 0
  override disposeData = () => true
  override dispose(): void {}
  override floatPrecision = (): 32 => 32
}

function tensorOf(info: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(info)
}

interface KernelCall {
  readonly inputs: readonly tf.TensorInfo[]
  readonly attrs: Readonly<Record<string, unknown>>
  readonly recording: RecordingBackend
}

const sameShape = (op: string) => (call: KernelCall) => recordAs(call, op, [...call.inputs[0].shape])

const broadcast = (op: string) => (call: KernelCall) => {
  const [a, b] = call.inputs
  return recordAs(call, op, tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape))
}

/** What TensorFlow.js calls an operator, as ONNX (opset 13) has it. */
const KERNELS: Readonly<Record<string, (call: KernelCall) => tf.TensorInfo>> = {
  Add: broadcast('Add'),
  AddN: sameShape('Sum'),
  BatchMatMul(call) {
    const { recording, inputs, attrs } = call
    const turned = (info: tf.TensorInfo, turn: unknown) => {
      if (!turn) return info
      const perm = info.shape.map((_, axis) => axis)
      perm.push(...perm.splice(-2).reverse())
      return transposed(recording, info, perm)
    }
    const [a, b] = [turned(inputs[0], attrs.transposeA), turned(inputs[1], attrs.transposeB)]
    const batch = tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
    const shape = [...batch, a.shape.at(-2) as number, b.shape.at(-1) as number]
    return recordAs({ ...call, inputs: [a, b] }, 'MatMul', shape)
  },
  Concat(call) {
    const axis = call.attrs.axis as number
    const shape = [...call.inputs[0].shape]
    shape[axis] = call.inputs.reduce((sum, one) => sum + one.shape[axis], 0)
    return recordAs(call, 'Concat', shape, { axis })
  },
  Identity: sameShape('Identity'),
  Mean(call) {
    const { shape } = call.inputs[0]
    const axes = [call.attrs.axis as number | number[]]
      .flat()
      .map((axis) => (axis + shape.length) % shape.length)
    const keepdims = call.attrs.keepDims ? 1 : 0
    const kept = shape.flatMap((size, axis) => (axes.includes(axis) ? (keepdims ? [1] : []) : [size]))
    return recordAs(call, 'ReduceMean', kept, { axes, keepdims })
  },
  Multiply: broadcast('Mul'),
  RealDiv: broadcast('Div'),
  Reshape({ recording, inputs: [x], attrs }) {
    const shape = tf.util.inferFromImplicitShape(attrs.shape as number[], tf.util.sizeFromShape(x.shape))
    return recording.record('Reshape', [recording.nameOf(x), recording.whole(shape)], { shape })
  },
  Sqrt: sameShape('Sqrt'),
  Sub: broadcast('Sub'),
  Tanh: sameShape('Tanh'),
  Transpose: ({ recording, inputs: [x], attrs }) => transposed(recording, x, attrs.perm as number[]),
}

/** Names of what can be recorded, for whoever writes a generator. */
export const RECORDED_KERNELS: readonly string[] = Object.keys(KERNELS)

for (const [kernelName, kernel] of Object.entries(KERNELS)) {
  tf.registerKernel({
    kernelName,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs = {}, backend }) =>
      kernel({
        inputs: Object.values(inputs) as tf.TensorInfo[],
        attrs: attrs as KernelCall['attrs'],
        recording: backend as RecordingBackend,
      }),
  })
}

function recordAs(
  { recording, inputs }: KernelCall,
  op: string,
  shape: number[],
  attributes?: OnnxNode['attributes'],
): tf.TensorInfo {
  return recording.record(
    op,
    inputs.map((info) => recording.nameOf(info)),
    { shape },
    attributes,
  )
}

function transposed(recording: RecordingBackend, x: tf.TensorInfo, perm: number[]): tf.TensorInfo {
  const shape = perm.map((axis) => x.shape[axis])
  return recording.record('Transpose', [recording.nameOf(x)], { shape }, { perm })
}
