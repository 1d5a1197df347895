import * as tf from '@tensorflow/tfjs'
import type { Matrix } from '../numeric/matrix'
import { createMatrix, row } from '../numeric/matrix'
import { type CardMeans, type CardVectors, cardFeatures } from './card-vectors'
import { type AffineHead, foldHead } from './head'
import { applyHeads, cardTensors, generateHeads, matrixTensor, parameterTensors } from './network'
import type { NetworkShape, Parameters } from './parameters'

/** A trained (or starting) network that turns cards into heads. Holds its weights on the TensorFlow.js backend until disposed. */
export interface Hypernetwork {
  readonly shape: NetworkShape
  /** The head of one card, folded. */
  compile(card: CardVectors, means: CardMeans): AffineHead
  /** Query vectors [n, d] through one card's head, unfolded: what training sees. */
  transform(card: CardVectors, means: CardMeans, queries: Matrix): Matrix
  dispose(): void
}

export function createHypernetwork(shape: NetworkShape, parameters: Parameters): Hypernetwork {
  const weights = parameterTensors(parameters)
  const part = (name: string) => parameters.find((parameter) => parameter.name === name)!.data
  return {
    shape,
    compile(card, means) {
      const { coefficients, bias } = read(() =>
        generateHeads(weights, cardTensors(cardFeatures([card], [means]))),
      )
      return foldHead(coefficients, bias, {
        down: part('basisDown'),
        up: part('basisUp'),
        basis: shape.basis,
        rank: shape.rank,
      })
    },
    transform(card, means, queries) {
      if (queries.rows === 0) return queries
      const { data } = read(() => {
        const heads = generateHeads(weights, cardTensors(cardFeatures([card], [means])))
        return { data: applyHeads(weights, heads, matrixTensor(queries), shape) }
      })
      return createMatrix(queries.rows, queries.columns, data)
    },
    dispose() {
      for (const tensor of Object.values(weights)) tensor.dispose()
    },
  }
}

/** Values of the tensors that `compute` makes, everything else disposed. tidy is given no arrays back: it would walk them element by element. */
function read<Names extends string>(
  compute: () => { readonly [Name in Names]: tf.Tensor },
): Record<Names, Float32Array> {
  const values = {} as Record<Names, Float32Array>
  tf.tidy(() => {
    const tensors = compute()
    for (const name of Object.keys(tensors) as Names[])
      values[name] = tensors[name].dataSync() as Float32Array
  })
  return values
}

/** Greatest absolute difference between two matrices of one shape. */
export function greatestDifference(a: Matrix, b: Matrix): number {
  let greatest = 0
  for (let n = 0; n < a.rows; n++) {
    const x = row(a, n)
    const y = row(b, n)
    for (let i = 0; i < x.length; i++) greatest = Math.max(greatest, Math.abs(x[i] - y[i]))
  }
  return greatest
}
