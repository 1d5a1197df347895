import * as tf from '@tensorflow/tfjs'
import { createMatrix, gatherRows, isInMemory, type Vectors } from '../../../numeric/matrix'
import type { CandidateTargets } from '../../../preferences/preferences'
import { valuesNow } from '../../backends/wasm-memory'
import type { LossValue } from '../loss'
import { createListwiseLoss, type ListwiseBatch, type ListwiseCandidates } from './listwise-loss'

/** The softmax loss over a step's candidates as a differentiable TensorFlow.js operation. */
export interface CorpusLoss {
  /** Its gradient is good until the next call. @param y [n, d] conditioned queries of the step, part by part */
  value(parts: readonly CorpusPart[], y: tf.Tensor2D): LossValue
  dispose(): void
}

/** Queries of a step that choose among the candidates of one corpus. */
interface CorpusPart {
  /** Place of the corpus in the options. */
  readonly corpus: number
  readonly queries: number
  readonly targets: CandidateTargets
}

export interface CorpusLossOptions {
  /** [documents, d] per corpus */
  readonly corpora: readonly Vectors[]
  readonly dimensions: number
  readonly temperature: number
  /** That share the products with the candidates. */
  readonly threads: number
}

/** ONNX Runtime's work, value and gradient at once, at the place of the tape where the query vectors are known. */
export function createCorpusLoss({
  corpora,
  dimensions,
  temperature,
  threads,
}: CorpusLossOptions): CorpusLoss {
  const listwise = createListwiseLoss(dimensions, temperature, threads)
  /** Candidates read from disk, written over by the next part: 77 MB of 50,000 would be new memory every step. */
  let room = new Float32Array(0)
  /** [n, d] of the last step; a new one each step would make the garbage collector look at everything else as often. */
  let slope = new Float32Array(0)

  function candidatesOf({ corpus, targets }: CorpusPart): {
    candidates: ListwiseCandidates
    batch: ListwiseBatch
  } {
    const documents = corpora[corpus]
    const { candidates: chosen } = targets
    if (!isInMemory(documents)) {
      const size = chosen.length * dimensions
      if (room.length < size) room = new Float32Array(size)
      return { candidates: { corpus: gatherRows(documents, chosen, room), chosen: null }, batch: targets }
    }
    if (chosen.length < documents.rows) return { candidates: { corpus: documents, chosen }, batch: targets }
    // Every document is a candidate, in some order: nothing needs to be copied, only to be called by its own place.
    return {
      candidates: { corpus: documents, chosen: null },
      batch: {
        masked: ownPlaces(targets.masked, chosen),
        targets: ownPlaces(targets.targets, chosen),
        weights: targets.weights,
      },
    }
  }

  return {
    value(parts, y) {
      const rows = new Float64Array(y.shape[0])
      const operation = tf.customGrad((input, save) => {
        ;(save as tf.GradSaveFunc)([])
        const [n] = y.shape
        if (slope.length !== n * dimensions) slope = new Float32Array(n * dimensions)
        else slope.fill(0)
        const vectors = valuesNow(input as tf.Tensor2D)
        let first = 0
        let sum = 0
        for (const part of parts) {
          const [from, to] = [first, first + part.queries]
          first = to
          // Nobody of it has anything to learn.
          if (part.targets.weights.length === 0) continue
          const place = [from * dimensions, to * dimensions] as const
          const queries = createMatrix(part.queries, dimensions, vectors.subarray(...place))
          const { candidates, batch } = candidatesOf(part)
          const out = { gradient: slope.subarray(...place), rowLosses: rows.subarray(from, to) }
          sum += listwise.evaluate(queries, candidates, batch, n, out)
        }
        return {
          value: tf.scalar(sum),
          gradFunc: (dy) => tf.mul(dy, tf.tensor2d(slope, [n, dimensions])),
        }
      })
      const mean = operation(y) as tf.Scalar
      return { mean, rows: tf.tensor1d(Float32Array.from(rows)) }
    },
    dispose: () => listwise.dispose(),
  }
}

/** (query, candidate) pairs as (query, document) pairs. */
function ownPlaces(pairs: Int32Array, candidates: Int32Array): Int32Array {
  return pairs.map((value, i) => (i % 2 === 0 ? value : candidates[value]))
}
