import { z } from 'zod'

/** What a lead over the frozen encoder is expected to be, and between which ends it lies as often as the level says. */
const expectedLeadSchema = z.strictObject({ expected: z.number(), low: z.number(), high: z.number() })

/** How forecasts of tasks that were left out compare with what came: each by tasks of other clusters alone. */
const calibrationSchema = z.strictObject({
  /** Leads that were forecast, and those of them that lie in their interval. */
  n: z.number().int(),
  held: z.number().int(),
  /** Root mean square of lead − expected, and of lead − mean of the other tasks' leads: what forecasting by no feature would miss. */
  error: z.number(),
  plain: z.number(),
})
export type Calibration = z.infer<typeof calibrationSchema>

/** Leads over frozen in nDCG@10 of cards that were never trained, and what is learned of them for the next one (docs/method.md#forecast). */
export const forecastSchema = z.strictObject({
  /** Share of leads that an interval is meant to hold. */
  level: z.number(),
  /** Left-out tasks, the clusters of nested ones in which they lie, and how many of these a forecast needs. */
  tasks: z.number().int(),
  clusters: z.number().int(),
  needed: z.number().int(),
  features: z.array(z.string()),
  /** Empty for too few clusters. */
  rows: z.array(
    z.strictObject({
      task: z.string(),
      examples: z.number().int(),
      cluster: z.number().int(),
      /** In the order of their names above. */
      features: z.array(z.number()),
      /** By row of the ladder: what came, and what the other clusters would have said. */
      leads: z.record(z.string(), expectedLeadSchema.extend({ lead: z.number() })),
    }),
  ),
  /** By row of the ladder. */
  calibration: z.record(z.string(), calibrationSchema),
})
export type Forecast = z.infer<typeof forecastSchema>

/** Why there is no forecast for a card. */
const NO_FORECAST = ['trained', 'few', 'nothing left out', 'unscored'] as const

/** What is forecast for one card. */
export const cardForecastSchema = z.strictObject({
  /** By what is handed out, where the run chose that for cards never trained, and by the task card. */
  leads: z.array(
    expectedLeadSchema.extend({
      row: z.string(),
      ...calibrationSchema.shape,
      /** Of a card that was left out and tested: what came. */
      got: z.number().nullable(),
    }),
  ),
  /** Null: there are some. */
  none: z.enum(NO_FORECAST).nullable(),
  level: z.number(),
  tasks: z.number().int(),
  clusters: z.number().int(),
  needed: z.number().int(),
})
export type CardForecast = z.infer<typeof cardForecastSchema>
