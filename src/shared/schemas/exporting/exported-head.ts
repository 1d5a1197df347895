import { z } from 'zod'
import { cardSchema } from '../card'
import { playgroundHitSchema } from '../playground'

/** Names an exported head: a run, and a file below its exports/. */
export const headNameSchema = z.strictObject({ run: z.string(), file: z.string() })

export const exportedHeadSchema = headNameSchema.extend({
  /** Where it lies on the host's machine. */
  path: z.string(),
  bytes: z.number(),
  writtenAt: z.string(),
  dataset: z.string(),
  card: cardSchema,
  encoder: z.string(),
  encoderSha256: z.string(),
  /** Greatest difference to the network, measured at export. */
  parity: z.number(),
  /** Of W: [outputs, d]. */
  shape: z.array(z.number()),
  /** Whether documents go through a head, too. */
  documents: z.boolean(),
})
export type ExportedHead = z.infer<typeof exportedHeadSchema>

export const headSearchSchema = z.strictObject({
  dataset: z.string(),
  /** Through the weights of the file. */
  hits: z.array(playgroundHitSchema),
  frozen: z.array(playgroundHitSchema),
  /** Greatest difference of this query's vector to the network's; null where its run has none any more. */
  parity: z.number().nullable(),
})
export type HeadSearch = z.infer<typeof headSearchSchema>
