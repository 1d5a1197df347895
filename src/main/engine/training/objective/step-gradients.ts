import * as tf from '@tensorflow/tfjs'
import type { Recipe } from '../../../../shared/schemas/run'
import { type CardMeans, type CardVectors, constantCard } from '../../hypernet/card-vectors'
import { squaredDistance } from '../../hypernet/dense-ops'
import type { GeneratedHeads, Network } from '../../hypernet/network'
import { type CardTensors, matrixTensor, type ParameterTensors } from '../../hypernet/network-tensors'
import type { Parameters } from '../../hypernet/parameters'
import type { Device } from '../backends/device'
import { candidateBlocks } from '../device/candidate-blocks'
import { deviceCorpus } from '../device/device-corpus'
import type { DeviceCorpora, LossStep, StepScores } from '../losses/loss'
import { checkObjective } from './check-objective'
import type { ScoredCorpus, StepBatch, StepPart } from './scored-batch'
import { deviceScores, stepScores } from './step-scores'
import { createWeightedLosses } from './weighted-losses'
import { withoutQueries } from './without-queries'
import { type WrongPart, wrongPart } from './wrong-part'

/** `no card`: the same network fed a constant card, trained alike: what the card is worth is the difference. */
export type System = 'task card' | 'no card'

export type ObjectiveRecipe = Pick<
  Recipe,
  'losses' | 'teacher' | 'sampler' | 'temperature' | 'identityPenalty' | 'nullCards' | 'wrongCards'
>

export interface ObjectiveOptions {
  readonly network: Network
  readonly recipe: ObjectiveRecipe
  /** Every collection that a batch may be drawn from. */
  readonly collections: readonly ScoredCorpus[]
  /** Where tensors lie, if not in this process: the corpora then lie there too. */
  readonly device?: Device | null
  /** Greatest number of queries of a step. */
  readonly mostRows: number
  /** Of this process that share what is as large as a corpus. */
  readonly threads: number
}

/** Of what is fixed. */
const NO_GRADIENT = new Float32Array(0)

/** What training minimises. Nothing of a step reaches into the next one. */
export interface Objective {
  step(parameters: Parameters, batch: StepBatch, system: System): StepGradients
  /** The same on tensors, those of the parameters in their order: inside tf.tidy, which the results are the caller's to keep from. */
  differentiate(
    parameters: Parameters,
    tensors: readonly tf.Tensor[],
    batch: StepBatch,
    system: System,
  ): StepTensors
  /** Half as many candidates at once. @returns false where they are in no blocks, or in small ones */
  halveBlocks(): boolean
  dispose(): void
}

interface StepTensors {
  readonly loss: tf.Scalar
  /** With respect to every parameter that is trained. */
  readonly gradients: readonly tf.Tensor[]
  /** [n] the losses of each query, kept: the caller disposes of it. */
  readonly rows: tf.Tensor1D
}

interface StepGradients {
  /** Losses, penalties and the wrong cards' term. */
  readonly loss: number
  /** With respect to every parameter, in their order, empty for a fixed one; may be written. */
  readonly gradients: Float32Array[]
  /** The losses alone, mean over each task's queries; without tasks that had a null card. */
  readonly taskLosses: readonly { readonly task: string; readonly loss: number }[]
}

/**
 * The objective of a recipe: for a step of n queries
 *
 *   Σ_l weight_l·loss_l + (1/n)·Σ_q penalty_q·‖f(x_q) − x_q‖² + λ·(1/n)·Σ_q Σ_r w(q, r)·max(0, margin − (s_right − s_wrong))
 *
 * penalty_q is the identity penalty, or under a null card the null penalty, and then the query is in no loss. The last sum
 * runs over the queries of tasks that were given another task's card as well, and their relevant documents r.
 */
export function createObjective(options: ObjectiveOptions): Objective {
  const { network, recipe, collections } = options
  checkObjective(recipe, network)
  const dimensions = network.dimensions
  const device = options.device ? deviceCorpora(options.device, collections, options.mostRows) : null
  const loss = createWeightedLosses(recipe.losses, {
    corpora: device ? [] : collections.map(({ documents }) => documents),
    device,
    dimensions,
    temperature: recipe.temperature,
    threads: options.threads,
    conditionsDocuments: network.side !== 'query',
  })

  /** Scores of queries under the heads of these cards, in one of the corpora. */
  function scoresUnder(heads: GeneratedHeads, y: tf.Tensor2D, { encoded }: StepPart): StepScores {
    const transform = (documents: tf.Tensor2D) => network.transformDocuments(heads, documents)!
    const side = network.side === 'query' ? null : { tasks: heads.tasks, transform }
    if (!device) return stepScores(y, encoded.documents, side)
    return deviceScores(y, device.corpora[collections.indexOf(encoded)], side)
  }

  function differentiate(
    parameters: Parameters,
    tensors: readonly tf.Tensor[],
    batch: StepBatch,
    system: System,
  ): StepTensors {
    const n = batch.queries.rows
    const perTask = n / batch.cards.length
    const { cards, means, nulls } = cardsOf(batch, system)
    const isNull = (query: number) => nulls[Math.floor(query / perTask)]
    const lossStep: LossStep = batch.parts.map((part) => ({
      corpus: collections.indexOf(part.encoded),
      queries: part.asked,
      preferences: nulls.includes(true) ? withoutQueries(part, (query) => isNull(part.first + query)) : part,
    }))
    const inputs = network.cardTensors(cards, means)
    const x = matrixTensor(batch.queries)
    const wrong = batch.parts.flatMap((part, p) => {
      const found = system === 'task card' ? wrongPart(batch, part, nulls) : null
      if (!found) return []
      const cards = network.cardTensors(found.cards, found.means)
      return [{ part, p, found, tensors: { cards, x: matrixTensor(found.queries) } }]
    })
    const isTrained = (_: unknown, p: number) => !parameters[p].fixed
    let rows: tf.Tensor1D | null = null
    const objective = tf.valueAndGrads((...trained: tf.Tensor[]) => {
      let next = 0
      const named = network.named(
        tensors.map((tensor, p) => (isTrained(tensor, p) ? trained[next++] : tensor)),
      )
      const heads = network.generate(named, inputs)
      const y = network.transformQueries(heads, x)
      const scores = batch.parts.map((part) => scoresUnder(heads, rowsOf(y, part, n), part))
      const taught = loss.value(lossStep, y, scores)
      rows = tf.keep(taught.rows)
      const terms = [taught.mean]
      const shift = shiftPenalty(y, x, n, isNull, nulls.includes(true), recipe)
      if (shift) terms.push(shift)
      for (const { part, p, found, tensors: own } of wrong)
        terms.push(wrongCardTerm(named, found, own, scores[p], part, n))
      return terms.reduce((sum, term) => tf.add(sum, term) as tf.Scalar)
    })
    const { value, grads } = objective(tensors.filter(isTrained))
    return { loss: value as tf.Scalar, gradients: grads, rows: rows! }
  }

  function step(parameters: Parameters, batch: StepBatch, system: System): StepGradients {
    let loss = Number.NaN
    let gradients: Float32Array[] = []
    let rows: ArrayLike<number> = []
    // Results leave by assignment: tidy walks whatever it is given back element by element, typed arrays too.
    tf.tidy(() => {
      // What is fixed is no variable: a constant of the graph, without a gradient.
      const tensors = parameters.map(({ data, shape }) => tf.tensor(data, [...shape], 'float32'))
      const made = differentiate(parameters, tensors, batch, system)
      loss = (made.loss.dataSync() as Float32Array)[0]
      rows = Float32Array.from(made.rows.dataSync())
      made.rows.dispose()
      // Terms of a sum share one gradient; each of its readers may scale its own.
      const read = made.gradients.map((gradient) => (gradient.dataSync() as Float32Array).slice()).values()
      gradients = parameters.map(({ fixed }) => (fixed ? NO_GRADIENT : read.next().value!))
    })
    return { loss, gradients, taskLosses: taskLosses(batch, system, rows) }
  }

  function wrongCardTerm(
    named: ParameterTensors,
    wrong: WrongPart,
    tensors: { readonly cards: CardTensors; readonly x: tf.Tensor2D },
    right: StepScores,
    part: StepPart,
    n: number,
  ): tf.Scalar {
    const heads = network.generate(named, tensors.cards)
    const y = network.transformQueries(heads, tensors.x)
    const under = scoresUnder(heads, y, part).pairs(wrong.wrongRows, wrong.documents)
    const lead = tf.sub(right.pairs(wrong.rightRows, wrong.documents), under)
    const short = tf.relu(tf.sub(recipe.wrongCards.margin, lead))
    const weighted = tf.sum(tf.mul(short, tf.tensor1d(wrong.weights)))
    return tf.mul(weighted, recipe.wrongCards.weight / n) as tf.Scalar
  }

  return {
    step,
    differentiate,
    halveBlocks: () => device?.blocks.halve() ?? false,
    dispose() {
      for (const corpus of device?.corpora ?? []) corpus.dispose()
      loss.dispose()
    },
  }
}

/**
 * The cards that a step sees. Only `task card` gets null cards: a network that cannot tell them from others would merely be
 * held near frozen, and be a weaker control.
 */
function cardsOf(
  batch: StepBatch,
  system: System,
): { cards: readonly CardVectors[]; means: readonly CardMeans[]; nulls: readonly boolean[] } {
  if (system === 'no card') {
    // Where all tasks of a step are centred on the same, so is their constant card: one head for all their queries.
    const [first, ...rest] = batch.means
    const isOne = rest.every(
      ({ queries, documents }) => queries === first.queries && documents === first.documents,
    )
    const means = isOne ? [first] : batch.means
    return { cards: means.map(constantCard), means, nulls: batch.means.map(() => false) }
  }
  return {
    cards: batch.cards.map((card, t) => batch.nullCards[t] ?? card),
    means: batch.means,
    nulls: batch.nullCards.map((card) => card !== null),
  }
}

/** The weighted mean‖f(x) − x‖², or null where nothing weighs. */
function shiftPenalty(
  y: tf.Tensor2D,
  x: tf.Tensor2D,
  n: number,
  isNull: (query: number) => boolean,
  anyNull: boolean,
  { identityPenalty, nullCards }: ObjectiveRecipe,
): tf.Scalar | null {
  if (!anyNull) {
    if (identityPenalty === 0) return null
    return tf.mul(squaredDistance(y, x), identityPenalty / n)
  }
  const weights = Float32Array.from(
    { length: n },
    (_, q) => (isNull(q) ? nullCards.penalty : identityPenalty) / n,
  )
  return tf.sum(tf.mul(tf.sum(tf.squaredDifference(y, x), 1), tf.tensor1d(weights))) as tf.Scalar
}

/** The part's own rows of a step's n queries. */
function rowsOf(y: tf.Tensor2D, { first, asked }: StepPart, n: number): tf.Tensor2D {
  return asked === n ? y : tf.slice(y, [first, 0], [asked, -1])
}

/** Of each task of a batch that has no null card, the mean of its queries' losses. @param rows [n] */
export function taskLosses(
  batch: StepBatch,
  system: System,
  rows: ArrayLike<number>,
): { task: string; loss: number }[] {
  const { nulls } = cardsOf(batch, system)
  const perTask = batch.queries.rows / batch.cards.length
  return batch.tasks.flatMap((task, t) => {
    if (nulls[t]) return []
    let sum = 0
    for (let q = t * perTask; q < (t + 1) * perTask; q++) sum += rows[q]
    return [{ task, loss: sum / perTask }]
  })
}

function deviceCorpora(
  { mostBytes }: Device,
  collections: readonly ScoredCorpus[],
  mostRows: number,
): DeviceCorpora {
  const columns = Math.max(mostRows, ...collections.map(({ documents }) => documents.columns))
  return {
    corpora: collections.map(({ documents }) => deviceCorpus(documents, mostBytes)),
    blocks: candidateBlocks(Math.floor(mostBytes / (columns * Float32Array.BYTES_PER_ELEMENT))),
  }
}
