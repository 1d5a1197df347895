import { z } from 'zod'
import { DEFAULT_ENCODER } from '../default-encoder'
import { NORMALISATIONS, USUAL_NORMALISATION } from '../normalisation'
import { generationSchema, USUAL_GENERATION } from './runs/generation'
import { setting } from './runs/setting'

export const normalisationSchema = z.enum(NORMALISATIONS)

/**
 * What may not be trained beside an unseen card, from the strictest rule to the loosest; `combinations` holds out relations
 * with categories, `corpora` and `families` whole corpora or families of them (docs/method.md#hold-out).
 */
export const holdOutSchema = z.enum(['strict', 'one-way', 'loose', 'combinations', 'corpora', 'families'])
export type HoldOut = z.infer<typeof holdOutSchema>

export const LARGEST_SEED = 2 ** 31 - 1
export const seedSchema = z.number().int().min(0).max(LARGEST_SEED)

/** What a person asks for; everything has a default but the tasks. */
export const trainRequestSchema = z.strictObject({
  /** Task ids (`dataset` or `dataset/card`); `dataset/*` is every card of a dataset. */
  tasks: z.array(z.string().min(1)).min(1),
  /**
   * Tasks held out of training: a share of them, by whole clusters of overlapping cards, or those that these ids name, `*`
   * for any characters.
   */
  unseen: z.union([z.number().min(0).max(0.9), z.array(z.string().min(1)).min(1)]).default(0),
  holdOut: holdOutSchema.default('strict'),
  /** Clusters of cards, or whole corpora or families, left out of training to choose on them what unseen cards are handed; where absent, 20 corpora of families with plenty, else none. */
  ruleClusters: z.number().int().min(0).max(10_000).optional(),
  /**
   * How many of the tasks that could be trained are, or of the corpora where these are held out whole; all unless said. Drawn by
   * the split seed, a smaller number within a larger one; what is held out stays the same.
   */
  trained: z.number().int().min(1).max(1_000_000).optional(),
  preset: z.string().default('recommended'),
  steps: z.number().int().min(1).max(1_000_000).optional(),
  /** What differs from the preset: fields of a recipe, objects in part. Checked when the recipe is settled. */
  overrides: z.record(z.string(), z.unknown()).optional(),
  encoder: z.string().default(DEFAULT_ENCODER),
  backend: z.string().default('auto'),
  /** Rows of the ladder; empty: all that fit. */
  rows: z.array(z.string()).default([]),
  /** Scale on which rows are fused with BM25. */
  normalisation: normalisationSchema.default(USUAL_NORMALISATION),
  /** Whose queries are scored where nothing is trained; test unless said. */
  split: z.enum(['test', 'dev']).optional(),
  /** Exemplars, initialisation, sampling and resampling. */
  seed: seedSchema.default(1),
  /** Which tasks are held out, and nothing else; the seed unless said. */
  splitSeed: seedSchema.optional(),
})
export type TrainRequest = z.input<typeof trainRequestSchema>

/** A request as a run records it. */
const recordedRequestSchema = trainRequestSchema.required({ splitSeed: true })
export type RecordedRequest = z.infer<typeof recordedRequestSchema>

/** A variant of a registry with its options. */
const choiceSchema = z.strictObject({
  name: z.string().min(1),
  options: z.record(z.string(), z.unknown()).default({}),
})
export type Choice = z.infer<typeof choiceSchema>

/** Parts of a card that the network may look at; a part left out stands at its mean. */
const CONDITIONING_PARTS = [
  'description',
  'queries',
  'documents',
  'difference',
  'domain',
  'query type',
  'corpus',
] as const
/** What a network looks at unless its recipe says otherwise. */
export const USUAL_PARTS = CONDITIONING_PARTS.filter((part) => part !== 'corpus')
const conditioningPartSchema = z.enum(CONDITIONING_PARTS)
export type ConditioningPart = z.infer<typeof conditioningPartSchema>

export const sideSchema = z.enum(['query', 'both', 'separate'])

const share = z.number().min(0).max(1)

/** The network and its training, resolved from a preset (docs/method.md#recipes). All of it stands in run.json. */
export const recipeSchema = z.strictObject({
  /** How a card becomes the weights of a head. */
  generator: choiceSchema.default({ name: 'basis', options: {} }),
  /** What a head computes. */
  head: choiceSchema.default({ name: 'residual', options: {} }),
  /** The loss is their weighted sum. */
  losses: z
    .array(choiceSchema.extend({ weight: z.number().positive().default(1) }))
    .min(1)
    .default([{ name: 'listwise', options: {}, weight: 1 }]),
  /** Whose orderings are learned. */
  teacher: choiceSchema.default({ name: 'judgments', options: {} }),
  /** Which of its orderings a step learns from: candidates, pairs, lists. */
  sampler: choiceSchema.default({ name: 'uniform', options: {} }),
  side: setting(
    'network',
    'Whose vectors go through a head: queries alone (the index stays), both through one head, or each through its own.',
    sideSchema,
  ).default('query'),
  documentGain: setting(
    'network',
    'How far the mean example document of a card moves the query before the first step: Md = g·I.',
    z.number().min(-100).max(100),
  ),
  descriptionGain: setting(
    'network',
    'How far the description of a card moves the query before the first step: Mt = gt·I.',
    z.number().min(-100).max(100),
  ),
  basis: setting('network', 'Head maps that the network mixes: B.', z.number().int().min(1).max(1024)),
  rank: setting('network', 'Rank of each of these maps: r.', z.number().int().min(1).max(1024)),
  hidden: setting('network', 'Units of the hidden layer: h.', z.number().int().min(1).max(8192)),
  conditioning: setting(
    'cards',
    'Parts of a card that the network looks at; a part left out stands at its mean.',
    z.array(conditioningPartSchema),
  ).default([...USUAL_PARTS]),
  minExamples: setting('cards', 'Fewest examples on a training card.', z.number().int().min(0).max(1000)),
  maxExamples: setting(
    'cards',
    'Most examples on a training card; 0: trained and tested by the description alone.',
    z.number().int().min(0).max(1000),
  ),
  descriptionOnly: setting('cards', 'Share of training cards that show no example.', share),
  feedbackWeight: setting(
    'cards',
    'Pseudo-relevance feedback for cards without examples: their documents stand at μ + w·(mean of the corpus documents nearest to the description − μ). 0: at μ.',
    z.number().min(0).max(10),
  ),
  cardNoise: setting(
    'cards',
    'Standard deviation of noise on the vectors of a training card, times d^-1/2.',
    z.number().min(0).max(10),
  ).default(0),
  cardDropout: setting('cards', 'Probability that a part of a training card is left out.', share).default(0),
  nullCards: z
    .strictObject({
      share: setting(
        'cards',
        'Share of the tasks of a step whose card is replaced by unrelated texts and held near frozen.',
        share,
      ),
      penalty: setting('cards', 'Weight of the identity penalty on null cards.', z.number().min(0).max(1e4)),
    })
    .default({ share: 0, penalty: 5 }),
  wrongCards: z
    .strictObject({
      share: setting(
        'cards',
        'Share of the tasks of a step that are also given another task’s card, which must do worse.',
        share,
      ),
      margin: setting(
        'cards',
        'By how much less a relevant document must score under the wrong card than under the right one.',
        z.number().min(0).max(100),
      ),
      weight: setting('cards', 'Weight of the wrong cards’ term.', z.number().min(0).max(1e4)),
    })
    .default({ share: 0, margin: 0.1, weight: 0.5 }),
  temperature: setting(
    'objective',
    'Cosines are divided by it before the softmax: τ.',
    z.number().positive().max(100),
  ),
  identityPenalty: setting(
    'objective',
    'Weight of mean‖f(x) − x‖²: how strongly heads are held near the frozen encoder.',
    z.number().min(0).max(1e4),
  ),
  candidates: setting(
    'objective',
    'Most documents that a query is ranked among in a step; a smaller corpus is taken whole.',
    z.number().int().min(2).max(10_000_000),
  ),
  learningRate: setting('optimiser', 'Peak learning rate of AdamW.', z.number().positive().max(1000)),
  weightDecay: setting('optimiser', 'Decoupled weight decay of AdamW.', z.number().min(0).max(10)),
  warmupSteps: setting(
    'optimiser',
    'Steps over which the learning rate rises, before the cosine.',
    z.number().int().min(0).max(1_000_000),
  ),
  clipNorm: setting(
    'optimiser',
    'Greatest norm of the whole gradient; none: no clipping.',
    z.number().positive().nullable(),
  ).default(null),
  tasksPerStep: setting('sampling', 'Tasks in a step.', z.number().int().min(1).max(4096)),
  queriesPerStep: setting(
    'sampling',
    'Queries in a step, over its tasks.',
    z.number().int().min(1).max(65_536),
  ),
  corporaPerStep: setting(
    'sampling',
    'Corpora in a step, drawn family by family, among which its tasks are shared out; a query is ranked within its own corpus.',
    z.number().int().min(1).max(1024),
  ).default(1),
  teacherGate: setting(
    'sampling',
    'A task learns nothing from a teacher that ranks its dev queries worse than the frozen encoder does.',
    z.boolean(),
  ).default(true),
  queries: setting(
    'sampling',
    'What asks in training: judged, the train queries; pseudo, titles and first sentences of the documents, for a teacher other than judgments; generated, queries that a model writes of them, each answered by its document. No train judgment is looked at then.',
    z.enum(['judged', 'pseudo', 'generated']),
  ).default('judged'),
  pseudoQueries: setting(
    'sampling',
    'Most pseudo-queries, or generated ones, of a collection.',
    z.number().int().min(1).max(1_000_000),
  ).default(1000),
  generated: generationSchema.default(USUAL_GENERATION),
  steps: setting('stopping', 'Training steps.', z.number().int().min(1).max(1_000_000)),
  devEvery: setting(
    'stopping',
    'Steps between two dev measurements.',
    z.number().int().min(1).max(1_000_000),
  ),
  keep: setting(
    'stopping',
    'Which network is kept: last for many tasks (best on seen dev rewards memorising), best for few.',
    z.enum(['last', 'best']),
  ),
  patience: setting(
    'stopping',
    'Dev measurements without a better one after which training stops; none: never.',
    z.number().int().min(1).max(1_000_000).nullable(),
  ).default(null),
})
export type Recipe = z.infer<typeof recipeSchema>

const runStateSchema = z.enum(['running', 'paused', 'done', 'failed', 'cancelled', 'interrupted'])
export type RunState = z.infer<typeof runStateSchema>

/** By name, as the fastest of those that were measured, or as the first in their order. */
const backendChoiceSchema = z.enum(['asked', 'measured', 'ordered'])
export type BackendChoice = z.infer<typeof backendChoiceSchema>

export const chosenBackendSchema = z.strictObject({
  id: z.string(),
  /** Absent in runs of 0.2. */
  choice: backendChoiceSchema.optional(),
  reason: z.string(),
})

/** `runs/<id>/run.json`: what was asked, on what, with what. */
export const runSchema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  kind: z.enum(['train', 'demo', 'frozen']),
  title: z.string(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  state: runStateSchema,
  /** Why it ended, when it did not end well. */
  reason: z.string().nullable(),
  request: recordedRequestSchema,
  recipe: recipeSchema.nullable(),
  datasets: z.array(z.strictObject({ id: z.string(), sha256: z.string() })),
  /** Tasks trained and tasks held out, by id. */
  seen: z.array(z.string()),
  unseen: z.array(z.string()),
  /** Tasks left out of training and of every table: what unseen cards are handed was chosen on them. */
  ruleTasks: z.array(z.string()).optional(),
  encoder: z.strictObject({ id: z.string(), sha256: z.string() }),
  backend: chosenBackendSchema.nullable(),
  /** Milliseconds a step by backend, as measured before it began; absent: its backend was asked for, or nothing was measured. */
  stepTimes: z.record(z.string(), z.number()).optional(),
  /** What a reader must know of how it was trained: corrections of a preset, settings chosen on dev. */
  notes: z.array(z.string()).default([]),
  /** sha256 of each trained network's weights, by system: the same seed on the same backend gives the same. */
  weights: z.record(z.string(), z.string()).default({}),
  machine: z.strictObject({ cpu: z.string(), cores: z.number(), platform: z.string(), node: z.string() }),
  app: z.string(),
  /** The other run of the same demo (one-way beside strict). */
  companion: z.string().nullable(),
})
export type RunRecord = z.infer<typeof runSchema>
