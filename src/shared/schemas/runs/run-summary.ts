import { z } from 'zod'
import { runSchema } from '../run'
import { cardsSchema, intervalSchema } from '../verdict'
import { annotationsSchema } from './annotations'

const pointSchema = z.strictObject({ step: z.number(), value: z.number() })

/** The figures by which runs are told apart in a list: read once from results.json and events.jsonl, which are long. */
export const runFiguresSchema = z.strictObject({
  /** nDCG@10 of the first table of the verdict: unseen cards where there are any, with the fewest examples. */
  headline: z
    .strictObject({
      row: z.string(),
      cards: cardsSchema,
      examples: z.number().int(),
      measure: z.string(),
      mean: intervalSchema,
      /** Over the best control of the same table; null where nothing was trained. `shown`: not by chance alone. */
      lead: intervalSchema.extend({ control: z.string(), shown: z.boolean() }).nullable(),
    })
    .nullable(),
  /** The dev measure of the task card, or of the first network that has one. */
  dev: z.strictObject({ system: z.string(), best: pointSchema, last: pointSchema }).nullable(),
})
export type RunFigures = z.infer<typeof runFiguresSchema>

/** A run as lists show it: its record without what is long, what a person wrote about it, and its figures. */
export const runSummarySchema = runSchema
  .pick({
    id: true,
    kind: true,
    createdAt: true,
    endedAt: true,
    state: true,
    reason: true,
    request: true,
    datasets: true,
    encoder: true,
    backend: true,
    companion: true,
    app: true,
  })
  .extend({
    ...annotationsSchema.pick({ tags: true, notes: true, archived: true }).shape,
    /** What it is called: the name that a person gave it, else its own. */
    title: z.string(),
    ownTitle: z.string(),
    tasks: z.strictObject({ seen: z.number().int(), unseen: z.number().int() }),
    /** null: not read yet. */
    figures: runFiguresSchema.nullable(),
  })
export type RunSummary = z.infer<typeof runSummarySchema>

/** What a list of runs is kept by: every run in portions, newest first, then `whole`; after it what changes and what goes. */
export const runChangeSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('rows'), rows: z.array(runSummarySchema) }),
  z.strictObject({ type: z.literal('gone'), ids: z.array(z.string()) }),
  z.strictObject({ type: z.literal('whole') }),
])
export type RunChange = z.infer<typeof runChangeSchema>
