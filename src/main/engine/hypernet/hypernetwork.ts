import * as tf from '@tensorflow/tfjs'
import type { CardExperts } from '../../../shared/schemas/card-experts'
import type { Matrix } from '../numeric/matrix'
import { createMatrix, row } from '../numeric/matrix'
import type { CardMeans, CardVectors } from './card-vectors'
import { expertTitle } from './experts/expert-plan'
import type { MadeChoices } from './generators/generator-spec'
import type { AffineHead } from './head'
import type { AffineTensors, HeadWeights } from './heads/head-spec'
import { createNetwork, type GeneratedHeads, type NetworkDescription } from './network'
import { matrixTensor, parameterTensors } from './network-tensors'
import type { Parameters } from './parameters'

/** A trained (or starting) network that turns cards into heads. Holds its weights on the TensorFlow.js backend until disposed. */
export interface Hypernetwork {
  readonly description: NetworkDescription
  /** Columns of what it makes. */
  readonly outputs: number
  /** The query head of one card, folded. */
  compile(card: CardVectors, means: CardMeans): AffineHead
  /** The document head of one card, folded; null where documents stay as they are. */
  compileDocuments(card: CardVectors, means: CardMeans): AffineHead | null
  /** Query vectors [n, d] through one card's head, unfolded: what training sees. */
  transform(card: CardVectors, means: CardMeans, queries: Matrix): Matrix
  /** Document vectors [n, d] through one card's head; null where documents stay as they are. */
  transformDocuments(card: CardVectors, means: CardMeans, documents: Matrix): Matrix | null
  /** Which experts make one card's head, and why; null for a network without experts. */
  experts(card: CardVectors, means: CardMeans): CardExperts | null
  /** The query side of one card's heads, kept for many queries, one after another. The network must outlive it. */
  hold(card: CardVectors, means: CardMeans): HeldHeads
  dispose(): void
}

/** @internal */
export interface HeldHeads {
  /** Query vectors [n, d] through the head, unfolded: as `transform` with its card. */
  transform(queries: Matrix): Matrix
  dispose(): void
}

export function createHypernetwork(description: NetworkDescription, parameters: Parameters): Hypernetwork {
  const network = createNetwork(description)
  const weights = parameterTensors(parameters)
  /** What `read` takes from the heads of one card; tensors are gone afterwards. */
  function withHeads<T>(card: CardVectors, means: CardMeans, read: (heads: GeneratedHeads) => T): T {
    let value: T
    // Results leave by assignment: tidy walks whatever it is given back element by element, typed arrays too.
    tf.tidy(() => {
      value = read(network.generate(weights, network.cardTensors([card], [means])))
    })
    return value!
  }
  type Transform = (heads: GeneratedHeads, x: tf.Tensor2D) => tf.Tensor2D | null
  function throughHeads(heads: GeneratedHeads, vectors: Matrix, transform: Transform): Matrix | null {
    if (vectors.rows === 0) return createMatrix(0, network.outputs)
    let data: Float32Array | null
    tf.tidy(() => {
      const y = transform(heads, matrixTensor(vectors))
      data = y && (y.dataSync() as Float32Array)
    })
    return data! && createMatrix(vectors.rows, network.outputs, data!)
  }
  const through = (card: CardVectors, means: CardMeans, vectors: Matrix, transform: Transform) =>
    withHeads(card, means, (heads) => throughHeads(heads, vectors, transform))

  return {
    description,
    outputs: network.outputs,
    compile: (card, means) => withHeads(card, means, (heads) => affineHead(network.fold(heads).queries)),
    // Folding is a product of all of a head's weights: not done for a side that has none.
    compileDocuments: (card, means) =>
      network.side === 'query'
        ? null
        : withHeads(card, means, (heads) => affineHead(network.fold(heads).documents!)),
    transform: (card, means, queries) => through(card, means, queries, network.transformQueries)!,
    transformDocuments: (card, means, documents) =>
      through(card, means, documents, network.transformDocuments),
    experts(card, means) {
      let made: MadeChoices | null
      tf.tidy(() => {
        made = network.choices(weights, network.cardTensors([card], [means]))
      })
      return made! && cardExperts(made!, description.tasks)
    },
    hold(card, means) {
      let held: GeneratedHeads
      const tensors = tf.tidy(() => {
        held = network.generate(weights, network.cardTensors([card], [means]))
        return tensorsOf(held.queries)
      })
      const own = new Set(tensors)
      // A generator may hand out its weights as they are.
      for (const weight of Object.values(weights)) own.delete(weight)
      return {
        transform: (queries) => throughHeads(held, queries, network.transformQueries)!,
        dispose() {
          for (const tensor of own) tensor.dispose()
        },
      }
    },
    dispose() {
      for (const tensor of Object.values(weights)) tensor.dispose()
    },
  }
}

/** The largest share first, then the widest gate. @param tasks ids of the trained cards */
function cardExperts({ experts, nearest }: MadeChoices, tasks: readonly string[]): CardExperts {
  return {
    experts: experts
      .map(({ name, ...choice }) => ({ name: expertTitle(name), ...choice }))
      .sort((a, b) => b.share - a.share || b.gate - a.gate),
    nearest: nearest && { task: tasks[nearest.place], text: nearest.text, corpus: nearest.corpus },
  }
}

/** A folded head, off the backend. */
function affineHead({ weight, bias, norm }: AffineTensors): AffineHead {
  // A copy: some backends give what they go on holding.
  const values = (tensor: tf.Tensor) => Float32Array.from(tensor.dataSync() as Float32Array)
  const [outputs, d] = weight.shape
  return {
    weight: createMatrix(outputs, d, values(weight)),
    bias: values(bias),
    ...(norm && { norm: { scale: values(norm.scale), shift: values(norm.shift) } }),
  }
}

function tensorsOf({ map, vectors }: HeadWeights): tf.Tensor[] {
  const parts: unknown[] = [...map.flatMap((term) => Object.values(term)), ...Object.values(vectors)]
  return parts.filter((part) => part instanceof tf.Tensor)
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
