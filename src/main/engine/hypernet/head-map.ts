import * as tf from '@tensorflow/tfjs'
import { batchMatMul, batchProject, matMul, project, projectPicked } from './dense-ops'

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
      const y = project(x, term.weight)
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
      const down = project(x, term.down)
      if (!term.gates) return matMul(down, term.up)
      const gates = term.gates.shape[1]
      const parts = tf.reshape(down, [tasks, queries, gates, inner / gates])
      const scaled = tf.mul(parts, tf.reshape(term.gates, [tasks, 1, gates, 1]))
      return matMul(tf.reshape(scaled, [tasks * queries, inner]), term.up)
    }
    case 'factors':
      return perTask(x, tasks, (batch) => batchMatMul(batchProject(batch, term.down), term.up))
    case 'dense':
      return perTask(x, tasks, (batch) => batchProject(batch, term.weight))
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

/**
 * The map of one task (T = 1) as one matrix [out, in], torch.nn.Linear's layout. Sums in float64, since K·R terms meet in
 * every entry.
 * @returns scale·map + identity·I
 */
export function foldMap(
  map: HeadMap,
  size: { readonly inputs: number; readonly outputs: number },
  { scale = 1, identity = 0 }: { readonly scale?: number; readonly identity?: number } = {},
): Float32Array {
  const { inputs, outputs } = size
  const terms = map.map(foldTerm)
  const weight = new Float32Array(inputs * outputs)
  const column = new Float64Array(outputs)
  for (let input = 0; input < inputs; input++) {
    column.fill(0)
    for (const addTo of terms) addTo(column, input)
    if (scale !== 1) for (let output = 0; output < outputs; output++) column[output] *= scale
    if (identity !== 0) column[input] += identity
    for (let output = 0; output < outputs; output++) weight[output * inputs + input] = column[output]
  }
  return weight
}

/** Adds what the term makes of one input to a column [out]. */
function foldTerm(term: MapTerm): (column: Float64Array, input: number) => void {
  const values = (tensor: tf.Tensor) => tensor.dataSync() as Float32Array
  switch (term.kind) {
    case 'shared': {
      const weight = values(term.weight)
      const scale = term.scale && values(term.scale)
      return (column, input) => {
        const from = input * column.length
        for (let output = 0; output < column.length; output++)
          column[output] += weight[from + output] * (scale ? scale[output] : 1)
      }
    }
    case 'dense': {
      const weight = values(term.weight)
      return (column, input) => {
        const from = input * column.length
        for (let output = 0; output < column.length; output++) column[output] += weight[from + output]
      }
    }
    case 'picked': {
      const weights = values(term.weights)
      const start = term.picks[0] * term.weights.shape[1]
      return (column, input) => {
        const from = start + input * column.length
        for (let output = 0; output < column.length; output++) column[output] += weights[from + output]
      }
    }
    case 'identity':
      return (column, input) => {
        column[input] += 1
      }
    case 'factors':
      return lowRank(values(term.down), values(term.up), term.up.shape[1], null)
    case 'gated':
      return lowRank(values(term.down), values(term.up), term.up.shape[0], term.gates && values(term.gates))
  }
}

function lowRank(
  down: Float32Array,
  up: Float32Array,
  inner: number,
  gates: Float32Array | null,
): (column: Float64Array, input: number) => void {
  const rank = gates ? inner / gates.length : inner
  return (column, input) => {
    for (let j = 0; j < inner; j++) {
      const scale = down[input * inner + j] * (gates ? gates[Math.floor(j / rank)] : 1)
      if (scale === 0) continue
      const from = j * column.length
      for (let output = 0; output < column.length; output++) column[output] += scale * up[from + output]
    }
  }
}
