import * as tf from '@tensorflow/tfjs'
import type { z } from 'zod'
import type { Vectors } from '../../numeric/matrix'
import type { PreferenceKind, Preferences } from '../../preferences/preferences'
import type { Spec } from '../../registry/registry'
import type { CandidateBlocks } from '../device/candidate-blocks'
import type { DeviceCorpus } from '../device/device-corpus'

/** Student's scores of a step, differentiable: inner products of conditioned queries with documents. */
export interface StepScores {
  /** [n, d] conditioned queries, unit rows */
  readonly queries: tf.Tensor2D
  /** [n, m] scores of every query with every one of the corpus rows, through its own task's head where documents have one. */
  matrix(documents: Int32Array): tf.Tensor2D
  /** [p] scores of (query, document) pairs; a document of −1 scores 0. */
  pairs(queries: Int32Array, documents: Int32Array): tf.Tensor1D
}

/** Queries of a step that are asked of one corpus. */
export interface LossPart {
  /** Place of the corpus in the material. */
  readonly corpus: number
  /** n */
  readonly queries: number
  readonly preferences: Preferences
}

/** The parts of one step, in the order of its queries. */
export type LossStep = readonly LossPart[]

export interface LossValue {
  /** Mean over the n queries; a query that has nothing to learn adds 0. */
  readonly mean: tf.Scalar
  /** [n] the terms of the mean; nobody differentiates them */
  readonly rows: tf.Tensor1D
}

/** One loss of a run. */
export interface Loss {
  /**
   * A step's value, differentiable in y and in the scores.
   * @param y [n, d] conditioned queries of the step, unit rows  @param scores of each part
   */
  value(step: LossStep, y: tf.Tensor2D, scores: readonly StepScores[]): LossValue
  dispose(): void
}

/** Corpora where tensors lie in the memory of a device. */
export interface DeviceCorpora {
  /** In the order of the collections. */
  readonly corpora: readonly DeviceCorpus[]
  readonly blocks: CandidateBlocks
}

export interface LossMaterial {
  /** [documents, d] per corpus; none where they lie on a device. */
  readonly corpora: readonly Vectors[]
  /** Null: tensors lie in this process. */
  readonly device: DeviceCorpora | null
  readonly dimensions: number
  /** τ of the recipe. */
  readonly temperature: number
  /** Of this process that share what is as large as a corpus. */
  readonly threads: number
  /** Documents go through a head too, so a score is not the product with a corpus row. */
  readonly conditionsDocuments: boolean
}

export interface LossSpec<Options extends z.ZodType = z.ZodType> extends Spec<Options> {
  /** What it learns from. */
  readonly needs: PreferenceKind
  /** It reads the teacher's scores and not only who is preferred: judgments have none. */
  readonly scored: boolean
  create(material: LossMaterial, options: z.output<Options>): Loss
}

/** A loss that is nothing but a formula over the scores of one corpus. */
export function scoreLoss(value: (part: LossPart, scores: StepScores) => LossValue): Loss {
  return {
    value: (step, _, scores) =>
      meanOfParts(
        step,
        step.map((part, p) => value(part, scores[p])),
      ),
    dispose() {},
  }
}

/** The value of a step from those of its parts: the mean over all queries. */
function meanOfParts(step: LossStep, values: readonly LossValue[]): LossValue {
  if (values.length === 1) return values[0]
  const n = queriesOf(step)
  const shares = values.map(({ mean }, p) => tf.mul(mean, step[p].queries / n) as tf.Scalar)
  return {
    mean: tf.addN(shares) as tf.Scalar,
    rows: tf.concat(values.map(({ rows }) => rows)),
  }
}

/** n of a step */
export function queriesOf(step: LossStep): number {
  return step.reduce((sum, { queries }) => sum + queries, 0)
}

/** Of queries in which nobody has anything to learn: 0, with a gradient of 0. */
export function noLoss(
  { queries }: Pick<LossPart, 'queries'>,
  scores: Pick<StepScores, 'queries'>,
): LossValue {
  return { mean: tf.mul(tf.sum(scores.queries), 0) as tf.Scalar, rows: tf.zeros([queries]) }
}

/** The value from its terms. @param rows [n] */
export function meanOfRows(rows: tf.Tensor1D): LossValue {
  return { mean: tf.mean(rows), rows }
}

/**
 * The value of a loss over pairs: the mean over a query's pairs of weight·term, then over the n queries.
 * @param terms [p]  @param queries [p] the query of each  @param weights [p]; null: 1
 */
export function meanOfPairs(
  terms: tf.Tensor1D,
  queries: Int32Array,
  weights: Float32Array | null,
  n: number,
): LossValue {
  const counts = new Float64Array(n)
  for (const query of queries) counts[query]++
  const share = Float32Array.from(queries, (query, p) => (weights ? weights[p] : 1) / counts[query])
  const shares = tf.mul(terms, tf.tensor1d(share)) as tf.Tensor1D
  const places = tf.tensor2d(queries, [queries.length, 1], 'int32')
  return {
    mean: tf.div(tf.sum(shares), n) as tf.Scalar,
    rows: tf.scatterND(places, shares, [n]) as tf.Tensor1D,
  }
}
