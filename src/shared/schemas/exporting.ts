import { z } from 'zod'
import { cardChoiceSchema } from './card'

export const exportRequestSchema = z.strictObject({
  run: z.string(),
  choice: cardChoiceSchema,
  dataset: z.string().optional(),
  /** Of the registry of exporters. */
  format: z.string().default('safetensors'),
  /** Of that format. */
  options: z.record(z.string(), z.unknown()).default({}),
  /** Folder in which the export appears; the run's own unless said. */
  out: z.string().optional(),
})

export const exportedSchema = z.strictObject({
  /** The export itself, or where its zip lies. */
  folder: z.string(),
  /** What one opens first: a file, or the folder. */
  file: z.string(),
  /** Of all its files. */
  bytes: z.number(),
  /** Below the folder. */
  files: z.array(z.string()),
  /** Greatest difference of the folded head to the network. */
  parity: z.number(),
  /** What was run to prove it (certificate.json). */
  parts: z.array(
    z.strictObject({
      part: z.string(),
      file: z.string(),
      by: z.string(),
      difference: z.number(),
      ranks: z.number(),
    }),
  ),
  /** What only another program can run, and how. */
  elsewhere: z.strictObject({ what: z.string(), command: z.string() }).nullable(),
})
