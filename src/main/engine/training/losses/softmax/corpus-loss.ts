import { once } from 'node:events'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import * as tf from '@tensorflow/tfjs'
import type { Matrix } from '../../../numeric/matrix'
import type { CandidateTargets } from '../../../preferences/preferences'
import { DONE, IDLE, type ListwiseThreadData, READY, STATE } from './listwise-protocol'

/** The softmax loss over a step's candidates as a differentiable TensorFlow.js operation. */
export interface CorpusLoss {
  /**
   * Announces a step of so many queries: its candidates are gathered while the caller runs the network forward.
   * @param corpus place of the corpus in the options
   */
  begin(corpus: number, rows: number, targets: CandidateTargets): void
  /** @param y [n, d] conditioned queries of the announced step  @returns the loss, differentiable in y */
  loss(y: tf.Tensor2D): tf.Scalar
  /** [n] what each query of the last step contributed; their mean is the loss. Valid until the next `begin`. */
  rows(): Float64Array
  dispose(): Promise<void>
}

export interface CorpusLossOptions {
  /** [documents, d] per corpus, in shared memory: several losses read the same copy. */
  readonly corpora: readonly SharedArrayBuffer[]
  readonly dimensions: number
  readonly mostRows: number
  readonly temperature: number
  /** Built file of listwise-thread.ts. */
  readonly threadFile: string
}

/**
 * onnxruntime-node answers asynchronously and a gradient tape can't wait, so ONNX Runtime lives in a thread of its own and
 * the tape blocks on shared memory until it has answered: one forward pass of the network instead of two, exact
 * gradients, and tf.customGrad stays an ordinary operation.
 */
export async function createCorpusLoss(options: CorpusLossOptions): Promise<CorpusLoss> {
  const { corpora, dimensions, mostRows } = options
  const size = mostRows * dimensions * Float32Array.BYTES_PER_ELEMENT
  const data: Omit<ListwiseThreadData, 'failures'> = {
    control: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    queries: new SharedArrayBuffer(size),
    gradient: new SharedArrayBuffer(size),
    loss: new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT),
    rowLosses: new SharedArrayBuffer(mostRows * Float64Array.BYTES_PER_ELEMENT),
    corpora,
    dimensions,
    temperature: options.temperature,
  }
  const state = new Int32Array(data.control)
  const queries = new Float32Array(data.queries)
  const gradient = new Float32Array(data.gradient)
  const lossOut = new Float64Array(data.loss)
  const rowLosses = new Float64Array(data.rowLosses)
  const failures = new MessageChannel()
  const worker = new Worker(options.threadFile, {
    workerData: { ...data, failures: failures.port2 },
    transferList: [failures.port2],
  })
  await once(worker, 'message')
  let rows = 0

  const operation = tf.customGrad((input, save) => {
    ;(save as tf.GradSaveFunc)([])
    const y = input as tf.Tensor2D
    const values = y.dataSync() as Float32Array
    queries.set(values)
    Atomics.store(state, STATE, READY)
    Atomics.notify(state, STATE)
    Atomics.wait(state, STATE, READY)
    if (Atomics.load(state, STATE) !== DONE) {
      const failure = receiveMessageOnPort(failures.port1)?.message
      throw new Error(`the corpus loss failed: ${failure ?? 'its thread ended'}`)
    }
    const slope = gradient.slice(0, values.length)
    return {
      value: tf.scalar(lossOut[0]),
      gradFunc: (dy) => tf.mul(dy, tf.tensor2d(slope, y.shape)),
    }
  })

  return {
    begin(corpus, count, { candidates, masked, targets, weights }) {
      rows = count
      Atomics.store(state, STATE, IDLE)
      worker.postMessage({ corpus, candidates, rows, masked, targets, weights })
    },
    loss: (y) => operation(y) as tf.Scalar,
    rows: () => rowLosses.subarray(0, rows),
    async dispose() {
      failures.port1.close()
      await worker.terminate()
    },
  }
}

/** A copy of a corpus that threads can read. */
export function sharedCorpus(matrix: Matrix): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(matrix.data.byteLength)
  new Float32Array(buffer).set(matrix.data)
  return buffer
}
