import * as tf from '@tensorflow/tfjs'
import type { CandidateTargets } from '../../../preferences/preferences'
import type { CandidateBlocks } from '../../device/candidate-blocks'
import type { DeviceCorpus } from '../../device/device-corpus'

/** Keeps a masked candidate's probability at 0 in float32 without making infinities. */
const MASKED = -1e4

/** The softmax over the candidates met so far: [n, 1] each, and [n, d]. */
type Running = {
  /** The greatest logit */
  readonly top: tf.Tensor2D
  /** Σ exp(logit − top) */
  readonly mass: tf.Tensor2D
  /** Σ exp(logit − top)·candidate */
  readonly pulled: tf.Tensor2D
}

/**
 * The softmax loss of each query, −Σ_r w(q, r)·log softmax(q·C / τ)_r, where tensors lie, differentiable in the queries:
 * value and gradient in one pass over the candidates, block by block, so that no more than a block of logits is ever there
 * (Milakov and Gimelshein, Online normalizer calculation for softmax, 2018).
 * @param y [n, d] conditioned queries, unit rows  @returns [n]
 */
export function softmaxRows(
  y: tf.Tensor2D,
  corpus: DeviceCorpus,
  targets: CandidateTargets,
  { temperature, blocks }: { readonly temperature: number; readonly blocks: CandidateBlocks },
): tf.Tensor1D {
  const operation = tf.customGrad((input, save) => {
    const { rows, slope } = differentiate(input as tf.Tensor2D, corpus, targets, temperature, blocks)
    ;(save as tf.GradSaveFunc)([slope])
    return {
      value: rows,
      gradFunc: (dy, [kept]) => tf.mul(tf.expandDims(dy, 1), kept),
    }
  })
  return operation(y) as tf.Tensor1D
}

/** @returns the terms [n], and the slope [n, d] of each with respect to its own query */
function differentiate(
  x: tf.Tensor2D,
  corpus: DeviceCorpus,
  { candidates, masked, targets, weights }: CandidateTargets,
  temperature: number,
  blocks: CandidateBlocks,
): { rows: tf.Tensor1D; slope: tf.Tensor2D } {
  const [n] = x.shape
  const { top, mass, pulled } = overCandidates(x, corpus, candidates, masked, temperature, blocks)
  const count = weights.length
  const askers = Int32Array.from({ length: count }, (_, t) => targets[2 * t])
  const wanted = Int32Array.from({ length: count }, (_, t) => candidates[targets[2 * t + 1]])
  const shares = new Float32Array(n * count)
  const sums = new Float32Array(n)
  for (let t = 0; t < count; t++) {
    shares[askers[t] * count + t] = weights[t]
    sums[askers[t]] += weights[t]
  }
  const share = tf.tensor2d(shares, [n, count])
  const total = tf.tensor2d(sums, [n, 1])
  const documents = corpus.rows(wanted)
  const asking = tf.gather(x, tf.tensor1d(askers, 'int32'))
  const logits = tf.div(tf.sum(tf.mul(asking, documents), 1, true), temperature)
  // Σ_r w·(log Σ exp − logit_r) of each query
  const normalizer = tf.add(top, tf.log(mass))
  const rows = tf.sub(tf.mul(total, normalizer), tf.matMul(share, logits as tf.Tensor2D))
  const pull = tf.sub(tf.mul(total, tf.div(pulled, mass)), tf.matMul(share, documents))
  return { rows: tf.reshape(rows, [n]), slope: tf.div(pull, temperature) }
}

function overCandidates(
  x: tf.Tensor2D,
  corpus: DeviceCorpus,
  candidates: Int32Array,
  masked: Int32Array,
  temperature: number,
  blocks: CandidateBlocks,
): Running {
  let running: Running | null = null
  for (let from = 0; from < candidates.length; from += blocks.size()) {
    const to = Math.min(candidates.length, from + blocks.size())
    blocks.used(to - from)
    const before: Running | null = running
    running = tf.tidy((): Running => {
      const documents = corpus.rows(candidates.subarray(from, to))
      const products = tf.div(tf.matMul(x, documents, false, true), temperature)
      const mask = maskOf(masked, from, to, x.shape[0])
      const logits = mask ? tf.add(products, mask) : products
      const highest = tf.max(logits, 1, true)
      const top: tf.Tensor = before ? tf.maximum(before.top, highest) : highest
      const weights = tf.exp(tf.sub(logits, top)) as tf.Tensor2D
      const mass = tf.sum(weights, 1, true)
      const pulled = tf.matMul(weights, documents)
      if (!before) return { top, mass, pulled } as Running
      const decay = tf.exp(tf.sub(before.top, top))
      return {
        top,
        mass: tf.add(tf.mul(before.mass, decay), mass),
        pulled: tf.add(tf.mul(before.pulled, decay), pulled),
      } as Running
    })
    if (before) tf.dispose([before.top, before.mass, before.pulled])
  }
  return running!
}

/** [n, to − from] a large negative number for each masked pair of a block; null where there is none. */
function maskOf(masked: Int32Array, from: number, to: number, n: number): tf.Tensor | null {
  const places: number[] = []
  for (let i = 0; i < masked.length; i += 2)
    if (masked[i + 1] >= from && masked[i + 1] < to) places.push(masked[i], masked[i + 1] - from)
  const count = places.length / 2
  if (count === 0) return null
  return tf.scatterND(tf.tensor2d(places, [count, 2], 'int32'), tf.fill([count], MASKED), [n, to - from])
}
