import { z } from 'zod'

/** Tasks that share a fate. Of many only the first names travel. */
const partSchema = z.strictObject({
  count: z.number().int(),
  tasks: z.array(z.string()),
})

/** How a request's tasks would be split, before anything is trained: by the code that a run splits them with. */
export const taskSplitSchema = z.strictObject({
  /** All that the request names. */
  tasks: z.number().int(),
  trained: partSchema,
  heldOut: partSchema,
  /** Neither trained nor tested, with the reason. */
  leftOut: z.array(partSchema.extend({ reason: z.string() })),
  /** What a reader must know of it, in sentences. */
  notes: z.array(z.string()),
})

/** What one stage of a run would take. */
const stageCostSchema = z.strictObject({
  stage: z.enum(['encode', 'train', 'evaluate']),
  /** Null: nothing on this machine was like it yet. */
  seconds: z.number().nullable(),
  /** What there is to do, in words: `2 networks of 800 steps`. */
  work: z.string(),
  /** Where the figure comes from: the run that was measured, or the short measurement; null where there is no figure. */
  source: z.strictObject({ run: z.string().nullable(), at: z.string() }).nullable(),
})
export type StageCost = z.infer<typeof stageCostSchema>

/** What a request would cost on this machine, from what was measured on it. */
export const costEstimateSchema = z.strictObject({
  backend: z.strictObject({ id: z.string(), reason: z.string() }),
  stages: z.array(stageCostSchema),
  /** Seconds of all stages; null while one of them is not known. */
  seconds: z.number().nullable(),
  /** Greatest memory of its processes together, bytes; null: not measured yet. */
  memoryBytes: z.number().nullable(),
  /** Of the machine. */
  totalMemoryBytes: z.number(),
})
export type CostEstimate = z.infer<typeof costEstimateSchema>
