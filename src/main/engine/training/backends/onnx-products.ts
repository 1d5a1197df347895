import * as tf from '@tensorflow/tfjs'
import { Tensor } from 'onnxruntime-node'
import { createDirectSession, type DirectSession } from '../../formats/direct-session'
import { onnxModel } from '../../formats/onnx-model'
import type { WasmMemory } from './wasm-memory'

const KERNEL = 'BatchMatMul'
const BACKEND = 'wasm'

/** Of a step the network's products are small beside the corpus's: two threads would wait for one another. */
const THREADS = 1

/** Rows of aᵀ·b up to which there is more to write than to compute … */
const FEW_ROWS = 32
/** … and values of the product from which that is worth a path of its own. */
const MANY_VALUES = 2 ** 14

/**
 * Gives the wasm backend the matrix products of ONNX Runtime in the place of XNNPACK's: WebAssembly has four float32 lanes and no
 * fused multiplication, the processor has up to sixteen lanes; and the backend transposes what is to be multiplied in loops that
 * are 12 times slower than the product. Matrices are read and written where they lie, in the memory of the backend.
 *
 * onnxruntime-node copies what it has written into a new array besides. So gradients of large matrices that few cards went through
 * are still XNNPACK's, behind a transpose: a step of few tasks is an eighth quicker for it.
 */
export function useOnnxProducts(): void {
  const sessions = new Map<string, DirectSession>()
  const kernel = tf.getKernel(KERNEL, BACKEND)
  const transpose = tf.getKernel('Transpose', BACKEND).kernelFunc
  tf.unregisterKernel(KERNEL, BACKEND)
  tf.registerKernel({
    ...kernel,
    kernelFunc({ inputs, backend, attrs }) {
      const memory = backend as unknown as WasmMemory
      const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo }
      const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean }
      const shape = productShape(a.shape, b.shape, transposeA, transposeB)
      // Nothing to add up, or nothing to put it in: neither takes empty matrices.
      if (a.shape.includes(0) || b.shape.includes(0)) {
        const none = memory.makeOutput(shape, 'float32')
        memory.typedArrayFromHeap(none).fill(0)
        return none
      }
      // XNNPACK packs b and keeps it for as long as its tensor lives: b must be none that changes in place, as weights do.
      if (
        transposeA &&
        a.shape.length === 2 &&
        a.shape[0] <= FEW_ROWS &&
        tf.util.sizeFromShape(shape) >= MANY_VALUES
      ) {
        const left = transpose({ inputs: { x: a }, backend, attrs: { perm: [1, 0] } }) as tf.TensorInfo
        const plain = { transposeA: false, transposeB }
        const product = kernel.kernelFunc({ inputs: { a: left, b }, backend, attrs: plain })
        ;(backend as tf.KernelBackend).disposeData(left.dataId)
        return product
      }
      const out = memory.makeOutput(shape, 'float32')
      const key = `${transposeA} ${transposeB}`
      const session = sessions.get(key) ?? createDirectSession(productGraph(transposeA, transposeB), THREADS)
      sessions.set(key, session)
      const feed = (tensor: tf.TensorInfo) =>
        new Tensor('float32', memory.typedArrayFromHeap(tensor), tensor.shape)
      session.run({ a: feed(a), b: feed(b) }, { product: feed(out) })
      return out
    },
  })
}

/** [..., n, m]·[..., m, k], of which a batch of one goes with each of the other's, as TensorFlow.js has it. */
function productShape(
  a: readonly number[],
  b: readonly number[],
  transposeA: boolean,
  transposeB: boolean,
): number[] {
  const [rows, columns] = [a.at(transposeA ? -1 : -2)!, b.at(transposeB ? -2 : -1)!]
  const inner = [a.at(transposeA ? -2 : -1)!, b.at(transposeB ? -1 : -2)!]
  if (inner[0] !== inner[1])
    throw new RangeError(`a product of [${a}] and [${b}]: ${inner[0]} columns meet ${inner[1]} rows`)
  const [left, right] = [a.slice(0, -2), b.slice(0, -2)]
  return [...tf.broadcast_util.assertAndGetBroadcastShape(left, right), rows, columns]
}

/** Batches and transposed matrices alike, which MatMul has not and Gemm neither. */
function productGraph(transposeA: boolean, transposeB: boolean): Uint8Array {
  const rank = (name: string) => ({ name, type: 'float' as const, shape: null })
  return onnxModel({
    name: 'product',
    nodes: [
      {
        op: 'FusedMatMul',
        domain: 'com.microsoft',
        inputs: ['a', 'b'],
        outputs: ['product'],
        attributes: { transA: Number(transposeA), transB: Number(transposeB) },
      },
    ],
    inputs: [rank('a'), rank('b')],
    outputs: [rank('product')],
  })
}
