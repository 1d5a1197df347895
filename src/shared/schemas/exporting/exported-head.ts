import { z } from 'zod'
import { HAND_OUT_CHOICES } from '../../handed-heads'
import { cardChoiceSchema, cardSchema } from '../card'
import { playgroundHitSchema } from '../playground'

export const exportRequestSchema = z.strictObject({
  run: z.string(),
  choice: cardChoiceSchema,
  dataset: z.string().optional(),
  /** Of the registry of exporters. */
  format: z.string().default('safetensors'),
  /** Of that format. */
  options: z.record(z.string(), z.unknown()).default({}),
  /** Which head: what the run's rule chose on dev, unless said. */
  handOut: z.enum(HAND_OUT_CHOICES).default('rule'),
  /** Folder in which the export appears; the run's own unless said. */
  out: z.string().optional(),
})

/** What makes heads of cards, in a format of the registry of exporters that takes it. */
export const compilerRequestSchema = exportRequestSchema
  .omit({ choice: true, dataset: true })
  .extend({ format: z.string().default('compiler') })

export const exportedSchema = z.strictObject({
  /** The export itself, or where its zip lies. */
  folder: z.string(),
  /** What one opens first: a file, or the folder. */
  file: z.string(),
  /** Of all its files. */
  bytes: z.number(),
  /** Below the folder. */
  files: z.array(z.string()),
  /** Greatest difference of the folded head, or of what a compiler makes, to the network. */
  parity: z.number(),
  /** Which head it is, and why. */
  handedOut: z.string(),
  /** What was run to prove it (certificate.json). */
  parts: z.array(
    z.strictObject({
      part: z.string(),
      file: z.string(),
      by: z.string(),
      difference: z.number(),
      /** null of a part that ranks nothing. */
      ranks: z.number().nullable(),
    }),
  ),
  /** What only another program can run, and how. */
  elsewhere: z.strictObject({ what: z.string(), command: z.string() }).nullable(),
})

export type Exported = z.infer<typeof exportedSchema>

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
  /** Which head it is, and why; absent in files of before there was a rule. */
  handedOut: z.string().optional(),
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
