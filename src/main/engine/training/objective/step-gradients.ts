import * as tf from '@tensorflow/tfjs'
import type { Recipe } from '../../../../shared/schemas/run'
import { type CardMeans, type CardVectors, constantCard } from '../../hypernet/card-vectors'
import type { GeneratedHeads, Network } from '../../hypernet/network'
import { type CardTensors, matrixTensor, type ParameterTensors } from '../../hypernet/network-tensors'
import type { Parameters } from '../../hypernet/parameters'
import { createMatrix, type Matrix } from '../../numeric/matrix'
import type { EncodedCollection } from '../../preferences/encoded-collection'
import { heldTensors } from '../held-tensors'
import type { LossStep } from '../losses/loss'
import { lossCorpus } from '../losses/softmax/corpus-loss'
import type { StepBatch, StepPart } from '../step-sampler'
import { checkObjective } from './check-objective'
import { stepScores } from './step-scores'
import { createWeightedLosses } from './weighted-losses'
import { withoutQueries } from './without-queries'

/** `no card`: the same network fed a constant card, trained alike: what the card is worth is the difference. */
export type System = 'task card' | 'no card'

/** @internal */
export type ObjectiveRecipe = Pick<
  Recipe,
  'losses' | 'teacher' | 'sampler' | 'temperature' | 'identityPenalty' | 'nullCards' | 'wrongCards'
>

export interface ObjectiveOptions {
  readonly network: Network
  readonly recipe: ObjectiveRecipe
  /** Every collection that a batch may be drawn from. */
  readonly collections: readonly EncodedCollection[]
  /** Greatest number of queries of a step. */
  readonly mostRows: number
  /** Built file of listwise-thread.ts. */
  readonly threadFile: string
  /** Milliseconds that the thread may take to answer a step; 5 minutes unless said. */
  readonly answerBound?: number
}

/** Of what is fixed. */
const NO_GRADIENT = new Float32Array(0)

/** What training minimises. Nothing of a step reaches into the next one. */
export interface Objective {
  step(parameters: Parameters, batch: StepBatch, system: System): StepGradients
  dispose(): Promise<void>
}

interface StepGradients {
  /** Losses, penalties and the wrong cards' term. */
  readonly loss: number
  /** With respect to every parameter, in their order, empty for a fixed one; may be written, and are valid until the next step. */
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
export async function createObjective(options: ObjectiveOptions): Promise<Objective> {
  const { network, recipe, collections } = options
  checkObjective(recipe, network)
  const dimensions = network.dimensions
  const held = heldTensors()
  const loss = await createWeightedLosses(recipe.losses, {
    corpora: collections.map(({ documents }) => lossCorpus(documents)),
    dimensions,
    mostRows: options.mostRows,
    temperature: recipe.temperature,
    conditionsDocuments: network.side !== 'query',
    threadFile: options.threadFile,
    answerBound: options.answerBound,
  })

  /** Scores of queries under the heads of these cards. */
  function scoresUnder(heads: GeneratedHeads, y: tf.Tensor2D, corpus: Matrix) {
    if (network.side === 'query') return stepScores(y, corpus, null)
    const transform = (documents: tf.Tensor2D) => network.transformDocuments(heads, documents)!
    return stepScores(y, corpus, { tasks: heads.tasks, transform })
  }

  function step(parameters: Parameters, batch: StepBatch, system: System): StepGradients {
    const n = batch.queries.rows
    const perTask = n / batch.cards.length
    const { cards, means, nulls } = cardsOf(batch, system)
    const isNull = (query: number) => nulls[Math.floor(query / perTask)]
    const lossStep: LossStep = batch.parts.map((part) => ({
      corpus: collections.indexOf(part.encoded),
      queries: part.asked,
      preferences: nulls.includes(true) ? withoutQueries(part, (query) => isNull(part.first + query)) : part,
    }))
    loss.begin(lossStep)
    let value = Number.NaN
    let gradients: Float32Array[] = []
    let rows: ArrayLike<number> = []
    // Results leave by assignment: tidy walks whatever it is given back element by element, typed arrays too.
    tf.tidy(() => {
      const inputs = network.cardTensors(cards, means)
      const x = matrixTensor(batch.queries)
      const wrong = batch.parts.flatMap((part, p) => {
        const found = system === 'task card' ? wrongPart(batch, part, nulls) : null
        if (!found) return []
        const cards = network.cardTensors(found.cards, found.means)
        return [{ part, p, found, tensors: { cards, x: matrixTensor(found.queries) } }]
      })
      // What is fixed is no variable: a constant of the graph, without a gradient.
      const tensors = parameters.map(({ data, shape }) => tf.tensor(data, [...shape], 'float32'))
      const isTrained = (_: unknown, p: number) => !parameters[p].fixed
      const objective = tf.valueAndGrads((...trained: tf.Tensor[]) => {
        let next = 0
        const named = network.named(
          tensors.map((tensor, p) => (isTrained(tensor, p) ? trained[next++] : tensor)),
        )
        const heads = network.generate(named, inputs)
        const y = network.transformQueries(heads, x)
        const scores = batch.parts.map((part) =>
          scoresUnder(heads, rowsOf(y, part, n), part.encoded.documents),
        )
        const taught = loss.value(lossStep, y, scores)
        rows = taught.rows
        const terms = [taught.mean]
        const shift = shiftPenalty(y, x, n, isNull, nulls.includes(true), recipe)
        if (shift) terms.push(shift)
        for (const { part, p, found, tensors: own } of wrong)
          terms.push(wrongCardTerm(named, found, own, scores[p], part.encoded.documents, n))
        return terms.reduce((sum, term) => tf.add(sum, term) as tf.Scalar)
      })
      const { value: total, grads } = objective(tensors.filter(isTrained))
      value = (total.dataSync() as Float32Array)[0]
      const read = held.read(grads).values()
      gradients = parameters.map(({ fixed }) => (fixed ? NO_GRADIENT : read.next().value!))
    })
    return { loss: value, gradients, taskLosses: taskLosses(batch.tasks, rows, perTask, nulls) }
  }

  function wrongCardTerm(
    named: ParameterTensors,
    wrong: WrongPart,
    tensors: { readonly cards: CardTensors; readonly x: tf.Tensor2D },
    right: ReturnType<typeof stepScores>,
    corpus: Matrix,
    n: number,
  ): tf.Scalar {
    const heads = network.generate(named, tensors.cards)
    const y = network.transformQueries(heads, tensors.x)
    const under = scoresUnder(heads, y, corpus).pairs(wrong.wrongRows, wrong.documents)
    const lead = tf.sub(right.pairs(wrong.rightRows, wrong.documents), under)
    const short = tf.relu(tf.sub(recipe.wrongCards.margin, lead))
    const weighted = tf.sum(tf.mul(short, tf.tensor1d(wrong.weights)))
    return tf.mul(weighted, recipe.wrongCards.weight / n) as tf.Scalar
  }

  return {
    step,
    async dispose() {
      held.release()
      await loss.dispose()
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
    return tf.mul(tf.sum(tf.squaredDifference(y, x)), identityPenalty / n) as tf.Scalar
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

/** What of a corpus's part of a step is also asked under another task's card. */
interface WrongPart {
  readonly cards: readonly CardVectors[]
  readonly means: readonly CardMeans[]
  /** [T'·Q, d] */
  readonly queries: Matrix
  /** Relevant documents: [t] each, rows of the corpus's part and of this one, corpus row, share of the target mass. */
  readonly rightRows: Int32Array
  readonly wrongRows: Int32Array
  readonly documents: Int32Array
  readonly weights: Float32Array
}

function wrongPart(batch: StepBatch, part: StepPart, nulls: readonly boolean[]): WrongPart | null {
  const d = batch.queries.columns
  const perTask = batch.queries.rows / batch.cards.length
  const [from, to] = [part.first / perTask, (part.first + part.asked) / perTask]
  const tasks = batch.wrongCards
    .slice(from, to)
    .flatMap((wrong, t) => (wrong && !nulls[from + t] ? [{ ...wrong, task: t }] : []))
  const place = new Map(tasks.map(({ task }, i) => [task, i]))
  const { queries, documents, weights } = part.positives
  const kept = Array.from(queries.keys()).filter((t) => place.has(Math.floor(queries[t] / perTask)))
  if (kept.length === 0) return null
  const size = perTask * d
  const rows = new Float32Array(tasks.length * size)
  tasks.forEach(({ task }, i) => {
    rows.set(batch.queries.data.subarray((from + task) * size, (from + task + 1) * size), i * size)
  })
  const rightRows = Int32Array.from(kept, (t) => queries[t])
  return {
    cards: tasks.map(({ card }) => card),
    means: tasks.map(({ means }) => means),
    queries: createMatrix(tasks.length * perTask, d, rows),
    rightRows,
    wrongRows: rightRows.map((q) => place.get(Math.floor(q / perTask))! * perTask + (q % perTask)),
    documents: Int32Array.from(kept, (t) => documents[t]),
    weights: Float32Array.from(kept, (t) => weights[t]),
  }
}

function taskLosses(
  tasks: readonly string[],
  rows: ArrayLike<number>,
  perTask: number,
  nulls: readonly boolean[],
): { task: string; loss: number }[] {
  return tasks.flatMap((task, t) => {
    if (nulls[t]) return []
    let sum = 0
    for (let q = t * perTask; q < (t + 1) * perTask; q++) sum += rows[q]
    return [{ task, loss: sum / perTask }]
  })
}
