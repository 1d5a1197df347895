import { z } from 'zod'
import { CURVES } from '../../curves'

export const curvesRequestSchema = z.strictObject({
  id: z.string().min(1),
  of: z.enum(CURVES),
  /** Points of each curve that may come, those that a chart shows; absent: all. */
  most: z.number().int().min(4).optional(),
})

/**
 * One quantity of one trained system over its training, as columns of equal length: base64 of little-endian int32 steps, and
 * float32 seconds and values. Half a million points are 8 MB so, a fifth of what they are as events.
 */
const systemCurveSchema = z.strictObject({
  system: z.string(),
  /** Steps that the training was to take. */
  steps: z.number().int(),
  points: z.number().int(),
  /** There are more points than came. */
  thinned: z.boolean(),
  step: z.string(),
  /** Of training: the time that it lay paused does not count. */
  seconds: z.string(),
  value: z.string(),
})
export type SystemCurve = z.infer<typeof systemCurveSchema>

export const curvesSchema = z.strictObject({
  /** What dev measures, where it is asked for and was measured. */
  measure: z.string().nullable(),
  systems: z.array(systemCurveSchema),
})
/** @internal */
export type Curves = z.infer<typeof curvesSchema>
