import { z } from 'zod'

export const holdOutSchema = z.enum(['strict', 'loose'])
export type HoldOut = z.infer<typeof holdOutSchema>

/** What a person asks for; everything has a default but the tasks. */
export const trainRequestSchema = z.strictObject({
  /** Task ids (`dataset` or `dataset/card`); `dataset/*` is every card of a dataset. */
  tasks: z.array(z.string().min(1)).min(1),
  /** Share of the tasks held out of training, by whole clusters of overlapping cards. */
  unseen: z.number().min(0).max(0.9).default(0),
  holdOut: holdOutSchema.default('strict'),
  preset: z.string().default('recommended'),
  steps: z.number().int().min(1).max(1_000_000).optional(),
  encoder: z.string().default('all-MiniLM-L6-v2'),
  backend: z.string().default('auto'),
  /** Rows of the ladder; empty: all that fit. */
  rows: z.array(z.string()).default([]),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
})
export type TrainRequest = z.input<typeof trainRequestSchema>
export type ResolvedTrainRequest = z.output<typeof trainRequestSchema>

/** The network and its training, resolved from a preset: METHOD 1b's names. All of it stands in run.json. */
export const recipeSchema = z.strictObject({
  /** Exemplar gain at the start: Md = g·I. */
  documentGain: z.number(),
  /** Description gain at the start: Mt = gt·I. */
  descriptionGain: z.number(),
  /** Weight of mean‖f(x) − x‖². */
  identityPenalty: z.number(),
  basis: z.number().int().min(1),
  rank: z.number().int().min(1),
  hidden: z.number().int().min(1),
  tasksPerStep: z.number().int().min(1),
  queriesPerStep: z.number().int().min(1),
  candidates: z.number().int().min(2),
  temperature: z.number().positive(),
  learningRate: z.number().positive(),
  weightDecay: z.number().min(0),
  warmupSteps: z.number().int().min(0),
  steps: z.number().int().min(1),
  minExamples: z.number().int().min(1),
  maxExamples: z.number().int().min(1),
  /**
   * Pseudo-relevance feedback for cards without examples: their documents stand at μ + w·(mean of the corpus documents
   * nearest to the description − μ). 0: at μ.
   */
  feedbackWeight: z.number().min(0),
  /** Share of training cards that show no example. */
  descriptionOnly: z.number().min(0).max(1),
  /** Steps between dev measurements. */
  devEvery: z.number().int().min(1),
  /** `last` for many tasks (best on seen dev rewards memorising), `best` for few. */
  keep: z.enum(['last', 'best']),
})
export type Recipe = z.infer<typeof recipeSchema>

export const runStateSchema = z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted'])
export type RunState = z.infer<typeof runStateSchema>

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
  request: trainRequestSchema,
  recipe: recipeSchema.nullable(),
  datasets: z.array(z.strictObject({ id: z.string(), sha256: z.string() })),
  /** Tasks trained and tasks held out, by id. */
  seen: z.array(z.string()),
  unseen: z.array(z.string()),
  encoder: z.strictObject({ id: z.string(), sha256: z.string() }),
  backend: z.strictObject({ id: z.string(), reason: z.string() }).nullable(),
  machine: z.strictObject({ cpu: z.string(), cores: z.number(), platform: z.string(), node: z.string() }),
  app: z.string(),
  /** The other run of the same demo (loose beside strict). */
  companion: z.string().nullable(),
})
export type RunRecord = z.infer<typeof runSchema>
