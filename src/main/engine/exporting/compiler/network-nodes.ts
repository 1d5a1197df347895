import * as tf from '@tensorflow/tfjs'
import { seenVectors } from '../../hypernet/card-vectors'
import { experts } from '../../hypernet/generators/experts'
import type { AffineTensors } from '../../hypernet/heads/head-spec'
import { createNetwork } from '../../hypernet/network'
import { type CardTensors, parameterTensors } from '../../hypernet/network-tensors'
import { meanOfVectors } from '../../numeric/matrix'
import { parseOptions } from '../../registry/registry'
import type { Checkpoint } from '../../training/checkpoint'
import { type ChosenTensors, chooseExpertsNodes } from './expert-nodes'
import type { GraphRecorder } from './recorded-graph'

/** A card's vectors, [1, d] each. */
export interface GivenCard {
  readonly description: tf.Tensor2D
  readonly queries: tf.Tensor2D
  readonly documents: tf.Tensor2D
  /** Absent on the constant card. */
  readonly corpus?: tf.Tensor2D
}
type GivenMeans = Required<Omit<GivenCard, 'corpus'>>

/** The heads of one card, folded, and what its gates chose, where there are some. */
interface RecordedHeads {
  readonly queries: AffineTensors
  readonly documents: AffineTensors | null
  readonly chosen: ChosenTensors | null
}

/**
 * What cards are centred on, as cardMeans does it.
 * @param corpus [1, d] mean document of the corpus that is searched  @param queryMean [1, d] its mean train query, of a corpus
 * that was not trained the mean over those that were
 */
export function givenMeans(
  { description, descriptionMean, corpusMeans }: Checkpoint,
  corpus: tf.Tensor2D,
  queryMean: tf.Tensor2D,
): GivenMeans {
  const knowsCorpus = description.conditioning.includes('corpus')
  const common = (part: 'queries' | 'documents') =>
    rowOf(meanOfVectors([...corpusMeans.values()].map((means) => means[part])))
  return {
    description: rowOf(descriptionMean),
    queries: knowsCorpus ? common('queries') : queryMean,
    documents: knowsCorpus ? common('documents') : corpus,
  }
}

/** The whole network on one card: features, gates, generator, folding. */
export function recordNetwork(
  record: GraphRecorder,
  { description, parameters }: Checkpoint,
  card: GivenCard,
  means: GivenMeans,
): RecordedHeads {
  const network = createNetwork(description)
  const p = parameterTensors(parameters)
  const cards = givenTensors(card, means, description.conditioning)
  const { experts: plan, generator } = description
  const chosen =
    plan && generator.name === experts.name
      ? chooseExpertsNodes(
          record,
          p,
          cards,
          plan,
          parseOptions('generator', experts, generator.options).least,
        )
      : null
  const made = network.generate(p, chosen ? { ...cards, shares: chosen.shares } : cards)
  return { ...network.fold(made), chosen }
}

/** What a network is shown of a card that is nobody's, as cardFeatures does it. */
function givenTensors(
  card: GivenCard,
  means: GivenMeans,
  parts: Parameters<typeof seenVectors>[0],
): CardTensors {
  const { difference, ...places } = seenVectors(parts)
  const seen = (part: keyof typeof places) => {
    const place = places[part]
    return (place && card[place]) || means[part]
  }
  const [description, queries, documents] = [seen('description'), seen('queries'), seen('documents')]
  const pairs =
    difference === 0
      ? tf.zeros(card.description.shape)
      : tf.mul(tf.sub(card.documents, card.queries), difference)
  return {
    features: tf.concat([description, queries, documents, pairs as tf.Tensor2D], 1),
    description: tf.sub(description, means.description),
    queries: tf.sub(queries, means.queries),
    documents: tf.sub(documents, means.documents),
    ids: Int32Array.of(-1),
    experts: Int32Array.of(-1),
  }
}

/** [d] as [1, d] */
function rowOf(vector: Float32Array): tf.Tensor2D {
  return tf.tensor2d(vector, [1, vector.length])
}
