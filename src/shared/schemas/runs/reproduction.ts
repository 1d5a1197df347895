import { z } from 'zod'

/** What was compared of two runs of the same request. */
const REPRODUCED_PARTS = ['program', 'data', 'encoder', 'split', 'recipe', 'weights', 'measure'] as const

const lineSchema = z.strictObject({
  part: z.enum(REPRODUCED_PARTS),
  /** `dataset scifact`, `weights of task card`, `unseen, k = 0, nDCG@10 of task card` */
  what: z.string(),
  expected: z.string(),
  got: z.string(),
  agrees: z.boolean(),
  /** Whether a run that differs in it is another result; what it was made on may differ. */
  binding: z.boolean(),
})
export type ReproductionLine = z.infer<typeof lineSchema>

export const reproductionSchema = z.strictObject({
  version: z.literal(1),
  original: z.string(),
  again: z.string(),
  /** Every binding line agrees. */
  reproduced: z.boolean(),
  lines: z.array(lineSchema),
})
export type Reproduction = z.infer<typeof reproductionSchema>

export const reproductionRequestSchema = z.strictObject({
  original: z.string().min(1),
  again: z.string().min(1),
})
