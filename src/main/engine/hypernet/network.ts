import * as tf from '@tensorflow/tfjs'
import { HydraError } from '../../../shared/errors'
import { type Choice, type ConditioningPart, type Recipe, USUAL_PARTS } from '../../../shared/schemas/run'
import type { RandomStream } from '../numeric/random'
import { findSpec, parseOptions } from '../registry/registry'
import { type CardMeans, type CardVectors, cardFeatures } from './card-vectors'
import { normalize } from './dense-ops'
import type { ExpertPlan } from './experts/expert-plan'
import { generators } from './generators'
import type { Generator, MadeChoices } from './generators/generator-spec'
import { heads } from './heads'
import type { AffineTensors, HeadWeights } from './heads/head-spec'
import { type CardTensors, cardTensors, type ParameterTensors, scopedTensors } from './network-tensors'
import {
  type NetworkShape,
  type NetworkStart,
  type ParameterSpec,
  type Parameters,
  startParameters,
} from './parameters'

/** Whose vectors go through a head: queries alone, both through one, or each through its own. */
type Side = Recipe['side']

/** All that it takes to build a network; stands in its checkpoint. */
export interface NetworkDescription {
  readonly generator: Choice
  readonly head: Choice
  readonly side: Side
  readonly conditioning: readonly ConditioningPart[]
  readonly shape: NetworkShape
  readonly start: NetworkStart
  /** Ids of the trained tasks, as cards have them. */
  readonly tasks: readonly string[]
  /** Of the generator `experts`. */
  readonly experts?: ExpertPlan
}

/** The heads of T cards. */
export interface GeneratedHeads {
  readonly tasks: number
  readonly queries: HeadWeights
  /** `both`: the same as `queries`; null where documents stay as they are. */
  readonly documents: HeadWeights | null
}

/**
 * A generator and a head as one differentiable function. Holds no weights: they come as tensors, so that a training step can
 * differentiate with respect to them.
 */
export interface Network {
  readonly description: NetworkDescription
  /** d of the encoder. */
  readonly dimensions: number
  /** d' of the heads; equals `dimensions` where `side` is `query`. */
  readonly outputs: number
  readonly side: Side
  /** In the order in which they are drawn, trained and stored. */
  readonly parameters: readonly ParameterSpec[]
  initialParameters(random: RandomStream): Parameters
  /** Tensors of the parameters in their order, by name. */
  named(tensors: readonly tf.Tensor[]): ParameterTensors
  /** Cards as this network is allowed to see them (conditioning). The tensors are the caller's to dispose. */
  cardTensors(cards: readonly CardVectors[], means: readonly CardMeans[]): CardTensors
  /** The heads of T cards: once for both sides. */
  generate(p: ParameterTensors, cards: CardTensors): GeneratedHeads
  /** Why the head of one card (T = 1) is what it is; null where the generator does not choose. */
  choices(p: ParameterTensors, cards: CardTensors): MadeChoices | null
  /** @param x [T·Q, d] query vectors, task by task; constant @returns [T·Q, outputs], unit rows */
  transformQueries(heads: GeneratedHeads, x: tf.Tensor2D): tf.Tensor2D
  /** @param x [T·M, d] documents, task by task: each task's head on its own M @returns [T·M, outputs], unit rows; null for side `query` */
  transformDocuments(heads: GeneratedHeads, x: tf.Tensor2D): tf.Tensor2D | null
  /** generate, then transformQueries. */
  forward(p: ParameterTensors, cards: CardTensors, x: tf.Tensor2D): tf.Tensor2D
  /** The heads of one card (T = 1), each as one affine map. */
  fold(heads: GeneratedHeads): { readonly queries: AffineTensors; readonly documents: AffineTensors | null }
}

const DOCUMENT_SIDE = 'document/'

/** The network that a recipe asks for. @param tasks ids of the trained tasks  @param experts of the generator that has some */
export function describeNetwork(
  recipe: Pick<
    Recipe,
    | 'generator'
    | 'head'
    | 'side'
    | 'conditioning'
    | 'hidden'
    | 'basis'
    | 'rank'
    | 'documentGain'
    | 'descriptionGain'
  >,
  dimensions: number,
  tasks: readonly string[] = [],
  experts?: ExpertPlan,
): NetworkDescription {
  return {
    generator: recipe.generator,
    head: recipe.head,
    side: recipe.side,
    conditioning: recipe.conditioning,
    shape: { dimensions, hidden: recipe.hidden, basis: recipe.basis, rank: recipe.rank },
    start: { documentGain: recipe.documentGain, descriptionGain: recipe.descriptionGain },
    tasks,
    ...(experts ? { experts } : {}),
  }
}

/** The network of docs/method.md#network: basis, residual head, skip maps, queries only. */
export function defaultNetwork(
  shape: NetworkShape,
  start: NetworkStart = { documentGain: 0, descriptionGain: 0 },
): NetworkDescription {
  return {
    generator: { name: 'basis', options: {} },
    head: { name: 'residual', options: {} },
    side: 'query',
    conditioning: [...USUAL_PARTS],
    shape,
    start,
    tasks: [],
  }
}

export function createNetwork(description: NetworkDescription): Network {
  const { side, shape, start, tasks, conditioning, experts } = description
  const headSpec = findSpec('head', heads, description.head.name)
  const head = headSpec.create(parseOptions('head', headSpec, description.head.options), shape.dimensions)
  if (side === 'query' && head.outputs !== shape.dimensions) throw needsDocumentSide(head.outputs, shape)
  const generatorSpec = findSpec('generator', generators, description.generator.name)
  const options = parseOptions('generator', generatorSpec, description.generator.options)
  const createGenerator = (gains: NetworkStart): Generator =>
    generatorSpec.create(options, {
      head: headSpec.name,
      blocks: head.blocks,
      shape,
      start: gains,
      tasks: tasks.length,
      experts,
    })
  const queries = createGenerator(start)
  // The control that the gains start at moves queries; documents start where they are.
  const documents = side === 'separate' ? createGenerator({ documentGain: 0, descriptionGain: 0 }) : null
  // What is remembered of trained cards would be there twice, and settled once.
  if (documents?.parameters.some(({ fixed }) => fixed)) throw needsOneHead(description)
  const parameters = [
    ...queries.parameters,
    ...(documents?.parameters ?? []).map((spec) => ({ ...spec, name: `${DOCUMENT_SIDE}${spec.name}` })),
  ]

  function generate(p: ParameterTensors, cards: CardTensors): GeneratedHeads {
    const own = queries.generate(p, cards)
    const theirs = documents
      ? documents.generate(scopedTensors(p, DOCUMENT_SIDE), cards)
      : side === 'both'
        ? own
        : null
    return { tasks: cards.ids.length, queries: own, documents: theirs }
  }
  const transform = (weights: HeadWeights, x: tf.Tensor2D, count: number) =>
    unitRows(head.apply(weights, x, count))
  const transformQueries: Network['transformQueries'] = (made, x) => transform(made.queries, x, made.tasks)
  return {
    description,
    dimensions: shape.dimensions,
    outputs: head.outputs,
    side,
    parameters,
    initialParameters: (random) => startParameters(parameters, random),
    named: (tensors) => Object.fromEntries(parameters.map(({ name }, index) => [name, tensors[index]])),
    cardTensors: (cards, means) => cardTensors(cardFeatures(cards, means, conditioning), tasks, experts),
    generate,
    choices: (p, cards) => queries.choices?.(p, cards) ?? null,
    transformQueries,
    transformDocuments: (made, x) => made.documents && transform(made.documents, x, made.tasks),
    forward: (p, cards, x) => transformQueries(generate(p, cards), x),
    fold({ queries, documents }) {
      const folded = head.fold(queries)
      return {
        queries: folded,
        documents: documents === queries ? folded : documents && head.fold(documents),
      }
    },
  }
}

/** @param y [T, Q, outputs] @returns [T·Q, outputs] */
function unitRows(y: tf.Tensor3D): tf.Tensor2D {
  const [tasks, queries, outputs] = y.shape
  return tf.reshape(normalize(y), [tasks * queries, outputs])
}

function needsDocumentSide(outputs: number, { dimensions }: NetworkShape): HydraError {
  return new HydraError('USAGE', {
    expected: `a head of ${dimensions} outputs, since the documents stay vectors of ${dimensions}`,
    got: `a head of ${outputs} outputs`,
    remedy:
      'Choose side both or separate, which re-indexes the corpus, or as many outputs as the encoder has.',
  })
}

function needsOneHead({ generator, side }: NetworkDescription): HydraError {
  return new HydraError('USAGE', {
    expected: `the side query or both, with the generator ${generator.name}`,
    got: `side ${side}`,
    remedy: 'Choose one of these sides, or another generator.',
  })
}
