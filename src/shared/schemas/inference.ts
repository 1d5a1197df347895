import { z } from 'zod'

/** What is said of a paired difference a − b over its units (docs/method.md#intervals-and-tests); positive: a is better. */
export const inferenceSchema = z.strictObject({
  delta: z.number(),
  /** 95 % bootstrap interval. */
  low: z.number(),
  high: z.number(),
  /** Two-sided paired randomisation test, by itself … */
  p: z.number(),
  /** … and after Holm over the family of differences that one table shows. It alone decides whether a is called better. */
  corrected: z.number(),
  /** Differences in the family that was corrected. */
  family: z.number().int(),
  /** Student's paired t-test, two-sided, uncorrected; null where nothing varies. */
  student: z.number().nullable(),
  /** Cohen's d of paired samples: mean difference over the standard deviation of differences; null where nothing varies. */
  effect: z.number().nullable(),
  /** The smallest difference that this many units would have found with power .8 at α = .05, two-sided. */
  detectable: z.number().nullable(),
})
