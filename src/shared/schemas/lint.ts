import { z } from 'zod'
import { DEFAULT_ENCODER } from '../default-encoder'
import { findingSchema } from './dataset'

export const lintRequestSchema = z.strictObject({
  /** Ids of datasets of the workspace. */
  datasets: z.array(z.string().min(1)).min(1),
  /** Only the rules that need neither vectors nor an index. */
  quick: z.boolean().default(false),
  /** Whose vectors near-duplicates and the frozen figure are measured with. */
  encoder: z.string().min(1).default(DEFAULT_ENCODER),
  /** Draws the exemplars that the cards show, as a run's seed does. */
  seed: z.number().int().min(0).default(1),
})

/** `datasets/<id>/lint.json`: the last time that the linter was asked about the dataset. */
export const lintReportSchema = z.strictObject({
  version: z.literal(1),
  dataset: z.string(),
  /** The dataset's hash when it was looked at. */
  sha256: z.string(),
  createdAt: z.string(),
  seed: z.number().int(),
  /** null: no rule that needs vectors was asked. */
  encoder: z.string().nullable(),
  /** Worst first. */
  findings: z.array(findingSchema.extend({ dataset: z.string() })),
  /** Rules that looked, by name. */
  checked: z.array(z.string()),
  /** Rules that could not look, and why. */
  skipped: z.array(z.strictObject({ rule: z.string(), reason: z.string() })),
})
export type LintReport = z.infer<typeof lintReportSchema>
