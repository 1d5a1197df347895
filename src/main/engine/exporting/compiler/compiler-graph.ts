import * as tf from '@tensorflow/tfjs'
import { HydraError } from '../../../../shared/errors'
import type { HandedHead, HandedShare } from '../../../../shared/schemas/runs/hand-out'
import { generators } from '../../hypernet/generators'
import type { AffineTensors } from '../../hypernet/heads/head-spec'
import type { Checkpoint } from '../../training/checkpoint'
import type { ChosenTensors } from './expert-nodes'
import {
  type ByExamples,
  blendNodes,
  controlNodes,
  type HandedHeads,
  partOf,
  type Scale,
} from './handed-nodes'
import { type GivenCard, givenMeans, recordNetwork } from './network-nodes'
import { type GraphRecorder, RECORDED_KERNELS, type RecordedGraph, recordGraph } from './recorded-graph'

/** What is handed out for a card that no training saw, and the sentence that says why. */
export interface HandedCase {
  readonly head: HandedHead
  /** For a card that the experts fit whole. */
  readonly bm25: HandedShare | null
  readonly words: string
}

/** What a compiler is made of. */
export interface CompilerParts {
  readonly checkpoint: Checkpoint
  /** Of the network without a card; null where the run has none. */
  readonly noCard: Checkpoint | null
  readonly handedOut: { readonly withExamples: HandedCase; readonly withoutExamples: HandedCase }
  /** [d] what the controls' descriptions are centred on; null where the run was not scored */
  readonly controlMean: Float32Array | null
}

/**
 * The whole way from a card's vectors to what is handed out for it, as one graph (docs/formats.md#compilers). Inputs:
 * `description`, `queries`, `documents`, `nearest`, `corpus`, `query_mean` [1, d] and `examples` [1], of which a graph has those
 * that something depends on. Outputs: `W` [outputs, d], `b` [outputs], and what else there is of heads, gates and BM25's share.
 * @throws EXPORT_UNSUPPORTED where a generator, a head, or what is handed out cannot be such a graph
 */
export function compilerGraph(parts: CompilerParts): RecordedGraph {
  try {
    return recordGraph((record) => compilerOutputs(record, parts))
  } catch (cause) {
    throw cause instanceof HydraError ? cause : cannotBeRecorded(parts, cause)
  }
}

function compilerOutputs(record: GraphRecorder, parts: CompilerParts): Record<string, tf.Tensor> {
  const { checkpoint, handedOut } = parts
  const d = checkpoint.description.shape.dimensions
  const given = (name: string) => record.input(name, [1, d]) as tf.Tensor2D
  const [corpus, nearest, queryMean] = [given('corpus'), given('nearest'), given('query_mean')]
  const means = givenMeans(checkpoint, corpus, queryMean)
  const choose = chooseByExamples(record)
  const scale = scaleBy(choose)
  // As descriptionOnly does it.
  const feedback = tf.add(corpus, tf.mul(tf.sub(nearest, corpus), checkpoint.feedbackWeight)) as tf.Tensor2D
  const card = {
    description: given('description'),
    queries: choose(given('queries'), means.queries),
    documents: choose(given('documents'), feedback),
    corpus,
  }
  const own = recordNetwork(record, checkpoint, card, means)
  const handed = { some: handedOut.withExamples.head, none: handedOut.withoutExamples.head }
  const share: ByExamples = {
    some: handedOut.withExamples.bm25?.share ?? 0,
    none: handedOut.withoutExamples.bm25?.share ?? 0,
  }
  const bm25 = scale(own.chosen?.fit ?? tf.ones([1]), share)
  const outputs = isAsTrained(handed)
    ? { ...headOutputs(own.queries, ''), ...(own.documents && headOutputs(own.documents, 'documents_')) }
    : headOutputs(handedTensors(record, parts, { card, own, handed, nearest, queryMean, scale }), '')
  return { ...outputs, ...(own.chosen && chosenOutputs(own.chosen)), ...(bm25 && { bm25_share: bm25 }) }
}

type Choose = <T extends tf.Tensor>(some: T, none: T) => T

/** The first for a card with examples, else the second. */
function chooseByExamples(record: GraphRecorder): Choose {
  const examples = record.input('examples', [1])
  const shown = record.node('Greater', [examples, tf.scalar(0)], { shape: [1], dtype: 'bool' })
  return <T extends tf.Tensor>(some: T, none: T) =>
    record.node('Where', [shown, some, none], { shape: some.shape }) as T
}

function scaleBy(choose: Choose): Scale {
  return (tensor, { some, none }) => {
    if (some === 0 && none === 0) return null
    if (some === 1 && none === 1) return tensor
    return tf.mul(tensor, some === none ? some : choose(tf.tensor1d([some]), tf.tensor1d([none])))
  }
}

function isAsTrained(handed: HandedHeads): boolean {
  return Object.values<HandedHead>({ ...handed }).every(
    ({ head, strength }) => head === 'task card' && strength === 1,
  )
}

/** What the rule hands out in the place of the trained head, or of all of it. */
function handedTensors(
  record: GraphRecorder,
  { checkpoint, noCard, controlMean }: CompilerParts,
  made: {
    readonly card: GivenCard & { readonly corpus: tf.Tensor2D }
    readonly own: ReturnType<typeof recordNetwork>
    readonly handed: HandedHeads
    readonly nearest: tf.Tensor2D
    readonly queryMean: tf.Tensor2D
    readonly scale: Scale
  },
): AffineTensors {
  const { card, own, handed, nearest, queryMean, scale } = made
  if (own.documents || own.queries.norm) throw cannotBlend(checkpoint, handed)
  const d = checkpoint.description.shape.dimensions
  const heads = [{ head: own.queries, part: partOf(handed, 'task card') }]
  const without = partOf(handed, 'no card')
  if (without.some > 0 || without.none > 0) {
    if (!noCard) throw noSuchHead('no card')
    const means = givenMeans(noCard, card.corpus, queryMean)
    heads.push({ head: recordNetwork(record, noCard, means, means).queries, part: without })
  }
  // As controlMeans has them: the corpus's own, whatever the network is told of it.
  const description = controlMean ? tf.tensor2d(controlMean, [1, d]) : card.description
  const means = { description, queries: queryMean, documents: card.corpus }
  const shift = controlNodes(handed, { ...card, nearest, means }, scale)
  if (shift === undefined || (shift && !controlMean))
    throw noSuchHead(`${handed.some.setting ?? handed.none.setting}`)
  return blendNodes(heads, shift, scale, d)
}

function headOutputs({ weight, bias, norm }: AffineTensors, prefix: string): Record<string, tf.Tensor> {
  return {
    [`${prefix}W`]: weight,
    [`${prefix}b`]: bias,
    ...(norm && { [`${prefix}norm_scale`]: norm.scale, [`${prefix}norm_shift`]: norm.shift }),
  }
}

function chosenOutputs(chosen: ChosenTensors): Record<string, tf.Tensor> {
  const { likeness, gates, shares, fit, nearest, nearestLikeness } = chosen
  const perExpert = (tensor: tf.Tensor) => tf.reshape(tensor, [tensor.size])
  return {
    gates: perExpert(gates),
    shares: perExpert(shares),
    likeness,
    fit,
    nearest_card: nearest,
    nearest_likeness: nearestLikeness,
  }
}

function cannotBeRecorded({ checkpoint }: CompilerParts, cause: unknown): HydraError {
  const { generator, head } = checkpoint.description
  const others = generators.map(({ name }) => name).filter((name) => name !== generator.name)
  return new HydraError(
    'EXPORT_UNSUPPORTED',
    {
      expected: `a generator and a head made of ${RECORDED_KERNELS.join(', ')}, as the generators ${others.join(', ')} are`,
      got: `${generator.name} on ${head.name}: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: 'Export heads of cards one by one, which every generator can do, or train with one of these.',
      command: 'hydra list generator',
    },
    { cause },
  )
}

function cannotBlend({ description: { head, side } }: Checkpoint, { some, none }: HandedHeads): HydraError {
  const words = [some, none].map((one) => `${one.head}, strength ${one.strength}`)
  return new HydraError('EXPORT_UNSUPPORTED', {
    expected: `the trained heads whole, since of the head ${head.name} with side ${side} there are no parts`,
    got: `a rule that hands out ${[...new Set(words)].join(' or ')}`,
    remedy: 'Export the compiler of the task card’s head as it was trained.',
    command: 'hydra export RUN --format compiler --hand-out task-card',
  })
}

function noSuchHead(what: string): HydraError {
  return new HydraError('EXPORT_UNSUPPORTED', {
    expected: 'a rule whose heads the run has',
    got: `${what}, which it has not`,
    remedy: 'Score the run again, or export the compiler of the task card’s head as it was trained.',
    command: 'hydra export RUN --format compiler --hand-out task-card',
  })
}
