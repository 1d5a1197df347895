import { once } from 'node:events'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import * as tf from '@tensorflow/tfjs'
import { stalled } from '../../../../../shared/errors'
import { gatherRows, isInMemory, type Matrix, type Vectors } from '../../../numeric/matrix'
import type { CandidateTargets } from '../../../preferences/preferences'
import type { LossCorpus } from '../loss'
import { awaitAnswer, beginTurn, createHandshake } from './handshake'
import type { ListwiseOrder, ListwiseThreadData } from './listwise-protocol'

/** An answer takes some 10 ms, and seconds on a machine that swaps. */
const ANSWER_BOUND_MS = 5 * 60_000
/** Loading ONNX Runtime and compiling one small graph. */
const START_BOUND_MS = 2 * 60_000
const STEP = 'the corpus loss of a training step'

/** The softmax loss over a step's candidates as a differentiable TensorFlow.js operation. */
export interface CorpusLoss {
  /** Announces a step, part by part: its candidates are gathered while the caller runs the network forward. */
  begin(parts: readonly CorpusPart[]): void
  /** @param y [n, d] conditioned queries of the announced step  @returns the loss, differentiable in y */
  loss(y: tf.Tensor2D): tf.Scalar
  /** [n] what each query of the last step contributed; their mean is the loss. Valid until the next `begin`. */
  rows(): Float64Array
  dispose(): Promise<void>
}

/** Queries of a step that choose among the candidates of one corpus. */
interface CorpusPart {
  /** Place of the corpus in the options. */
  readonly corpus: number
  readonly queries: number
  readonly targets: CandidateTargets
}

export interface CorpusLossOptions {
  /** [documents, d] per corpus; of what is in shared memory several losses read the same copy. */
  readonly corpora: readonly LossCorpus[]
  readonly dimensions: number
  readonly mostRows: number
  readonly temperature: number
  /** Built file of listwise-thread.ts. */
  readonly threadFile: string
  /** Milliseconds that the thread may take to answer a step; 5 minutes unless said. */
  readonly answerBound?: number
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
    control: createHandshake(),
    queries: new SharedArrayBuffer(size),
    gradient: new SharedArrayBuffer(size),
    loss: new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT),
    rowLosses: new SharedArrayBuffer(mostRows * Float64Array.BYTES_PER_ELEMENT),
    corpora: corpora.map((corpus) => (corpus instanceof SharedArrayBuffer ? corpus : null)),
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
  await started(worker)
  // An error that ends the thread reaches the tape through the handshake; unheard it would end the process.
  worker.on('error', () => undefined)
  const bound = options.answerBound ?? ANSWER_BOUND_MS
  const gather = gatherer(corpora, dimensions)
  let rows = 0

  const operation = tf.customGrad((input, save) => {
    ;(save as tf.GradSaveFunc)([])
    const y = input as tf.Tensor2D
    const values = y.dataSync() as Float32Array
    queries.set(values)
    const answer = awaitAnswer(state, bound)
    if (answer === null) throw stalled(STEP, `no answer from its thread for ${bound / 1000} s`)
    if (answer === 'ended') throw stalled(STEP, 'the end of its thread')
    if (answer === 'failed')
      throw new Error(`the corpus loss failed: ${receiveMessageOnPort(failures.port1)?.message}`)
    const slope = gradient.slice(0, values.length)
    return {
      value: tf.scalar(lossOut[0]),
      gradFunc: (dy) => tf.mul(dy, tf.tensor2d(slope, y.shape)),
    }
  })

  return {
    begin(parts) {
      rows = parts.reduce((sum, { queries: count }) => sum + count, 0)
      beginTurn(state)
      // One turn a step, however many corpora it has: waking the other thread costs more than the product of a small one.
      const gathered = gather(parts)
      const order: ListwiseOrder = parts.map(({ corpus, queries: count, targets: part }, p) => {
        const { candidates, masked, targets, weights } = part
        return { corpus, queries: count, candidates, gathered: gathered[p], masked, targets, weights }
      })
      worker.postMessage(order)
    },
    loss: (y) => operation(y) as tf.Scalar,
    rows: () => rowLosses.subarray(0, rows),
    async dispose() {
      failures.port1.close()
      await worker.terminate()
    },
  }
}

/**
 * Rows for the thread, where it cannot read them itself: [candidates, d] per part, else null. Written over by the next step, which
 * begins when the thread has answered: 77 MB of 50,000 candidates would be new memory every step, and shared memory is given back
 * late.
 */
function gatherer(corpora: readonly LossCorpus[], dimensions: number) {
  let room = new Float32Array(new SharedArrayBuffer(0))
  return (parts: readonly CorpusPart[]): (Float32Array | null)[] => {
    const sizes = parts.map(({ corpus, targets: { candidates } }) =>
      corpora[corpus] instanceof SharedArrayBuffer ? 0 : candidates.length * dimensions,
    )
    const values = sizes.reduce((sum, size) => sum + size, 0)
    if (room.length < values)
      room = new Float32Array(new SharedArrayBuffer(values * Float32Array.BYTES_PER_ELEMENT))
    let place = 0
    return parts.map(({ corpus, targets: { candidates } }, p) => {
      const from = corpora[corpus]
      if (from instanceof SharedArrayBuffer) return null
      const rows = room.subarray(place, place + sizes[p])
      place += sizes[p]
      gatherRows(from, candidates, rows)
      return rows
    })
  }
}

/** Resolves when the thread is ready; rejects when it ends before, or takes too long. */
async function started(worker: Worker): Promise<void> {
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(), START_BOUND_MS)
  try {
    await Promise.race([
      once(worker, 'message', { signal: waiting.signal }),
      once(worker, 'exit', { signal: waiting.signal }).then(([code]) => {
        throw stalled(STEP, `a thread that ended with code ${code} before it was ready`)
      }),
    ])
  } catch (thrown) {
    await worker.terminate()
    if (waiting.signal.aborted) throw stalled(STEP, `no sign of its thread for ${START_BOUND_MS / 1000} s`)
    throw thrown
  } finally {
    clearTimeout(timer)
    waiting.abort()
  }
}

/** Documents up to which a copy of all is 150 MB at 384 dimensions; above, each step copies its candidates. */
const MOST_SHARED = 100_000

/** A corpus as the thread reads it. */
export function lossCorpus(documents: Vectors): LossCorpus {
  return isInMemory(documents) && documents.rows <= MOST_SHARED ? sharedCorpus(documents) : documents
}

/** A copy of a corpus that threads can read. @internal */
export function sharedCorpus(matrix: Matrix): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(matrix.data.byteLength)
  new Float32Array(buffer).set(matrix.data)
  return buffer
}
