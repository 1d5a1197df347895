import { type Recipe, USUAL_PARTS } from '../../../../shared/schemas/run'
import { USUAL_GENERATION } from '../../../../shared/schemas/runs/generation'

/** Re-ranked pairs of a query and a document, a task: some minutes on two cores. */
const RERANKED_PAIRS = 2000
/** Documents of a query that are ranked anew: the pairs are drawn from the first ranks. */
const RERANKED_DEPTH = 20

/**
 * The original Hydra's method (docs/method.md#recipes): reciprocal rank fusion of BM25, dense and cross-encoder, preference
 * pairs of its orderings, log-sigmoid margins with an in-batch contrast, a projection to 256 dimensions on both sides that a
 * direct generator of some 26 million weights writes, 32 pairs of one task a step.
 */
export function originalRecipe(): Recipe {
  return {
    generator: { name: 'direct', options: {} },
    head: { name: 'projection', options: { dimensions: 256 } },
    side: 'both',
    losses: [
      { name: 'pairwise', options: {}, weight: 1 },
      { name: 'infonce', options: {}, weight: 1 },
    ],
    teacher: {
      name: 'fusion',
      options: {
        of: ['bm25', 'dense', 'cross-encoder'],
        normalisation: 'rrf',
        k: 60,
        weights: [1, 1, 1],
        memberOptions: { 'cross-encoder': { depth: RERANKED_DEPTH, mostPairs: RERANKED_PAIRS } },
      },
    },
    sampler: { name: 'original', options: { depth: 100, pairs: 16 } },
    conditioning: USUAL_PARTS.filter((part) => part !== 'difference'),
    documentGain: 0,
    descriptionGain: 0,
    basis: 32,
    rank: 64,
    hidden: 256,
    minExamples: 3,
    maxExamples: 16,
    descriptionOnly: 0,
    feedbackWeight: 0,
    cardNoise: 0,
    cardDropout: 0,
    nullCards: { share: 0, penalty: 5 },
    wrongCards: { share: 0, margin: 0.1, weight: 0.5 },
    temperature: 0.05,
    identityPenalty: 0,
    candidates: 100,
    learningRate: 1e-4,
    weightDecay: 0.01,
    warmupSteps: 100,
    clipNorm: 1,
    tasksPerStep: 1,
    queriesPerStep: 32,
    corporaPerStep: 1,
    // The original audited no teacher.
    teacherGate: false,
    queries: 'judged',
    pseudoQueries: 1000,
    generated: USUAL_GENERATION,
    steps: 2000,
    devEvery: 250,
    keep: 'best',
    patience: null,
  }
}

/** Its later branch: a FiLM head near the identity, and another task's card that must do worse. */
export function originalFilmRecipe(): Recipe {
  return {
    ...originalRecipe(),
    generator: { name: 'film', options: {} },
    head: { name: 'film', options: {} },
    side: 'both',
    wrongCards: { share: 0.2, margin: 0.1, weight: 0.5 },
  }
}

/** What both presets do otherwise than the original did, and why; stands in every run of theirs. */
const CORRECTIONS = [
  'The head’s factors do not both start at zero: there the gradient of each is zero for ever.',
  'Confidence is calibrated per teacher on dev: the original clamped it to at least .1 where reciprocal-rank margins stay below .09, so that it never varied.',
  'Training and exemplars use train queries only; the original drew on test queries.',
  'A query’s own document leaves its ranking where a collection has such (ArguAna).',
  'nDCG has trec_eval’s linear gain instead of 2^grade − 1.',
  'Texts are encoded once: the original encoded each batch anew in every step.',
  `2,000 steps instead of 15 epochs, and at most ${RERANKED_PAIRS.toLocaleString('en')} pairs a task re-ranked by the cross-encoder (${RERANKED_DEPTH} documents a query); where it did not look, BM25 and dense are fused alone.`,
] as const

export const ORIGINAL_CORRECTIONS = [
  ...CORRECTIONS,
  'The generator’s true number of weights is announced: 25.92 million, where the original said 500,000.',
]

export const ORIGINAL_FILM_CORRECTIONS = [...CORRECTIONS, 'The network has 0.66 million weights.']
