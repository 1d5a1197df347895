import * as tf from '@tensorflow/tfjs'
import { expand } from '../dense-ops'
import type { HeadMap, MapTerm } from '../head-map'
import type { MapBlock } from '../heads/head-spec'
import type { ParameterTensors } from '../network-tensors'
import {
  diagonal,
  type NetworkShape,
  normal,
  type ParameterSpec,
  parameter,
  type Start,
  zeros,
} from '../parameters'

/** Not both zero: with A = B = 0 neither would ever get a gradient. */
const DOWN_START = 0.05
const UP_START = 0.01
/** Generated weights start within about a tenth of their constant. */
const GENERATED_START = 0.01

/** The matrix that a `whole` map starts from: the identity, or a random projection (Johnson and Lindenstrauss 1984). */
function wholeStart({ inputs, outputs }: MapBlock): Start {
  return inputs === outputs ? diagonal(1) : normal(inputs ** -0.5)
}

/** The learned matrix under a `whole` map; an `added` map stands on the vector itself and has none. Decay would pull it to zero, not to its start. */
export function baseParameters(map: MapBlock): ParameterSpec[] {
  if (map.form === 'added') return []
  return [parameter('base', [map.inputs, map.outputs], wholeStart(map), { decayed: false })]
}

export function baseTerms(map: MapBlock, p: ParameterTensors, scale: tf.Tensor2D | null = null): HeadMap {
  return map.form === 'added' ? [] : [{ kind: 'shared', weight: p.base as tf.Tensor2D, scale }]
}

/** A [in, K·R], B [K·R, out]: shared by all cards. */
export function basisParameters({ inputs, outputs }: MapBlock, inner: number): ParameterSpec[] {
  return [
    parameter('basisDown', [inputs, inner], normal(DOWN_START)),
    parameter('basisUp', [inner, outputs], normal(UP_START)),
  ]
}

/** @param gates [T, K], or null for a map that is the same for all cards */
export function basisTerm(p: ParameterTensors, gates: tf.Tensor2D | null): MapTerm {
  return { kind: 'gated', down: p.basisDown as tf.Tensor2D, up: p.basisUp as tf.Tensor2D, gates }
}

/** A map that is the same for all cards: a learned matrix, or low-rank where the head adds it to the vector. */
export function sharedMapParameters(map: MapBlock, { basis, rank }: NetworkShape): ParameterSpec[] {
  return map.form === 'added' ? basisParameters(map, basis * rank) : baseParameters(map)
}

export function sharedMapTerms(map: MapBlock, p: ParameterTensors): HeadMap {
  return map.form === 'added' ? [basisTerm(p, null)] : baseTerms(map, p)
}

/** c(z) [K] linear in the code. */
export function coefficientParameters({ hidden, basis }: NetworkShape): ParameterSpec[] {
  return [
    parameter('coefficients', [hidden, basis], normal(hidden ** -0.5)),
    parameter('coefficientsBias', [basis], zeros),
  ]
}

export function coefficients(p: ParameterTensors, code: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.matMul(code, p.coefficients as tf.Tensor2D), p.coefficientsBias) as tf.Tensor2D
}

/** A(z) [in, R] and B(z) [R, out], each entry linear in the code. */
export function factorParameters({ inputs, outputs }: MapBlock, shape: NetworkShape): ParameterSpec[] {
  const { hidden, rank } = shape
  const deviation = hidden ** -0.5
  return [
    parameter('downWeights', [hidden, inputs * rank], normal(DOWN_START * deviation)),
    parameter('down', [inputs, rank], normal(DOWN_START)),
    parameter('upWeights', [hidden, rank * outputs], normal(UP_START * deviation)),
    parameter('up', [rank, outputs], normal(UP_START)),
  ]
}

export function factorTerm(p: ParameterTensors, code: tf.Tensor2D): MapTerm {
  return { kind: 'factors', down: generated(p, code, 'down'), up: generated(p, code, 'up') }
}

/** W(z) [in, out], each entry linear in the code. */
export function denseParameters(map: MapBlock, { hidden }: NetworkShape): ParameterSpec[] {
  const { inputs, outputs } = map
  return [
    parameter('mapWeights', [hidden, inputs * outputs], normal(GENERATED_START * hidden ** -0.5)),
    parameter('map', [inputs, outputs], wholeStart(map), { decayed: false }),
  ]
}

export function denseTerm(p: ParameterTensors, code: tf.Tensor2D): MapTerm {
  return { kind: 'dense', weight: generated(p, code, 'map') }
}

/** [T, …shape of the constant] */
function generated(p: ParameterTensors, code: tf.Tensor2D, name: string): tf.Tensor3D {
  const [inputs, outputs] = p[name].shape
  const weights = expand(code, p[`${name}Weights`] as tf.Tensor2D)
  return tf.add(tf.reshape(weights, [code.shape[0], inputs, outputs]), p[name])
}
