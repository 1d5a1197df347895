import * as tf from '@tensorflow/tfjs'
import { projectPicked } from './dense-ops'

/**
 * A generated matrix [in, out] for each of T tasks, as a sum of terms: what a generator makes, what a head applies to its
 * vectors, and what folds to one matrix.
 */
export type HeadMap = readonly MapTerm[]

export type MapTerm =
  /** One matrix for all tasks; `scale` [T, out] stretches its outputs for each task. */
  | { readonly kind: 'shared'; readonly weight: tf.Tensor2D; readonly scale: tf.Tensor2D | null }
  /** Σ_k gate_k · A_k B_k with down = [A_1 … A_K] [in, K·R], up [K·R, out], gates [T, K]; no gates: Σ_k A_k B_k. */
  | {
      readonly kind: 'gated'
      readonly down: tf.Tensor2D
      readonly up: tf.Tensor2D
      readonly gates: tf.Tensor2D | null
    }
  /** A(z) B(z): down [T, in, R], up [T, R, out]. */
  | { readonly kind: 'factors'; readonly down: tf.Tensor3D; readonly up: tf.Tensor3D }
  /** W(z) [T, in, out] */
  | { readonly kind: 'dense'; readonly weight: tf.Tensor3D }
  /** One of E matrices for each task: weights [E, in·out], which of them [T]. */
  | { readonly kind: 'picked'; readonly weights: tf.Tensor2D; readonly picks: readonly number[] }
  /** x as it is; in = out. */
  | { readonly kind: 'identity' }

/** x W for each task. @param x [T·Q, in], task by task, constant @returns [T·Q, out] */
export function applyMap(map: HeadMap, x: tf.Tensor2D, tasks: number): tf.Tensor2D {
  const terms = map.map((term) => applyTerm(term, x, tasks))
  return terms.length === 1 ? terms[0] : tf.addN(terms)
}

function applyTerm(term: MapTerm, x: tf.Tensor2D, tasks: number): tf.Tensor2D {
  const queries = x.shape[0] / tasks
  switch (term.kind) {
    case 'shared': {
      const y = tf.matMul<tf.Tensor2D>(x, term.weight)
      if (!term.scale) return y
      const outputs = term.weight.shape[1]
      const scaled = tf.mul(
        tf.reshape(y, [tasks, queries, outputs]),
        tf.reshape(term.scale, [tasks, 1, outputs]),
      )
      return tf.reshape(scaled, [tasks * queries, outputs])
    }
    case 'gated': {
      const inner = term.up.shape[0]
      const down = tf.matMul(x, term.down)
      if (!term.gates) return tf.matMul(down, term.up)
      const gates = term.gates.shape[1]
      const parts = tf.reshape(down, [tasks, queries, gates, inner / gates])
      const scaled = tf.mul(parts, tf.reshape(term.gates, [tasks, 1, gates, 1]))
      return tf.matMul(tf.reshape(scaled, [tasks * queries, inner]) as tf.Tensor2D, term.up)
    }
    case 'factors':
      return perTask(x, tasks, (batch) => tf.matMul(tf.matMul(batch, term.down), term.up))
    case 'dense':
      return perTask(x, tasks, (batch) => tf.matMul(batch, term.weight))
    case 'picked':
      return perTask(x, tasks, (batch) => projectPicked(batch, term.weights, term.picks))
    case 'identity':
      return x
  }
}

function perTask(x: tf.Tensor2D, tasks: number, product: (batch: tf.Tensor3D) => tf.Tensor3D): tf.Tensor2D {
  const y = product(tf.reshape(x, [tasks, x.shape[0] / tasks, x.shape[1]]))
  return tf.reshape(y, [x.shape[0], y.shape[2]])
}

interface MapSize {
  readonly inputs: number
  readonly outputs: number
}

/** The map of one task (T = 1) as one matrix, [in, out]. */
export function mapMatrix(map: HeadMap, size: MapSize): tf.Tensor2D {
  const terms = map.map((term) => termMatrix(term, size))
  return terms.length === 1 ? terms[0] : tf.addN(terms)
}

function termMatrix(term: MapTerm, { inputs, outputs }: MapSize): tf.Tensor2D {
  switch (term.kind) {
    case 'shared':
      return term.scale ? tf.mul(term.weight, term.scale) : term.weight
    case 'gated': {
      const { down, up, gates } = term
      if (!gates) return tf.matMul(down, up)
      const inner = up.shape[0]
      const count = gates.shape[1]
      const parts = tf.reshape(down, [inputs, count, inner / count])
      const scaled = tf.mul(parts, tf.reshape(gates, [1, count, 1]))
      return tf.matMul(tf.reshape(scaled, [inputs, inner]) as tf.Tensor2D, up)
    }
    case 'factors':
      return tf.matMul(onlyTask(term.down), onlyTask(term.up))
    case 'dense':
      return onlyTask(term.weight)
    case 'picked':
      return tf.reshape(tf.slice(term.weights, [term.picks[0], 0], [1, inputs * outputs]), [inputs, outputs])
    case 'identity':
      return tf.eye(inputs)
  }
}

/** [1, n, m] as [n, m] */
function onlyTask(batch: tf.Tensor3D): tf.Tensor2D {
  return tf.reshape(batch, [batch.shape[1], batch.shape[2]])
}
