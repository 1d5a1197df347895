import * as tf from '@tensorflow/tfjs'
import type { CandidateTargets, Preferences } from '../../../preferences/preferences'
import {
  type Loss,
  type LossMaterial,
  meanOfRows,
  noLoss,
  queriesOf,
  type StepScores,
  scoreLoss,
} from '../loss'
import { createCorpusLoss } from './corpus-loss'
import { softmaxRows } from './softmax-rows'

/** Keeps a masked candidate's probability at 0 in float32 without making infinities. */
const MASKED = -1e4

/**
 * Cross-entropy of a softmax over candidates at temperature τ: −Σ_r weight(q, r)·log softmax(q·C / τ)_r, mean over queries.
 * On a CPU frozen documents are ONNX Runtime's work, an order of magnitude faster there; on a device they stay where they lie.
 * Documents that go through a head have a gradient too, and so stay in TensorFlow.js anywhere.
 * @param pick the candidates and targets among a step's preferences
 */
export function createSoftmaxLoss(
  material: LossMaterial,
  pick: (preferences: Preferences) => CandidateTargets,
): Loss {
  const { temperature } = material
  if (material.conditionsDocuments) {
    return scoreLoss((part, scores) => {
      const targets = pick(part.preferences)
      if (targets.candidates.length === 0) return noLoss(part, scores)
      return denseSoftmax(targets, scores, temperature, part.queries)
    })
  }
  if (material.device) {
    const { corpora, blocks } = material.device
    return scoreLoss((part, scores) => {
      const targets = pick(part.preferences)
      if (targets.weights.length === 0) return noLoss(part, scores)
      const rows = softmaxRows(scores.queries, corpora[part.corpus], targets, { temperature, blocks })
      return meanOfRows(rows)
    })
  }
  const corpusLoss = createCorpusLoss(material)
  return {
    value(step, y) {
      if (step.every(({ preferences }) => pick(preferences).weights.length === 0))
        return noLoss({ queries: queriesOf(step) }, { queries: y })
      const parts = step.map(({ corpus, queries, preferences }) => ({
        corpus,
        queries,
        targets: pick(preferences),
      }))
      return corpusLoss.value(parts, y)
    },
    dispose: () => corpusLoss.dispose(),
  }
}

function denseSoftmax(
  { candidates, masked, targets, weights }: CandidateTargets,
  scores: StepScores,
  temperature: number,
  n: number,
) {
  const m = candidates.length
  const mask = new Float32Array(n * m)
  for (let i = 0; i < masked.length; i += 2) mask[masked[i] * m + masked[i + 1]] = MASKED
  const mass = new Float32Array(n * m)
  for (let t = 0; t < weights.length; t++) mass[targets[2 * t] * m + targets[2 * t + 1]] += weights[t]
  const logits = tf.add(tf.div(scores.matrix(candidates), temperature), tf.tensor2d(mask, [n, m]))
  const chosen = tf.mul(tf.logSoftmax(logits, 1), tf.tensor2d(mass, [n, m]))
  return meanOfRows(tf.neg(tf.sum(chosen, 1)) as tf.Tensor1D)
}
