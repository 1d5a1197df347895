import { z } from 'zod'

/** A model of the workbench or of the workspace, as its own files say it is used. */
export const modelSchema = z.strictObject({
  id: z.string(),
  /** `application`: comes with the workbench, and cannot be removed. */
  origin: z.enum(['application', 'workspace']),
  use: z.enum(['encoder', 'cross-encoder']),
  folder: z.string(),
  /** Of all its files. */
  bytes: z.number(),
  /** Where it was brought from; null for a folder that a person put there. */
  from: z.string().nullable(),
  /** As the model's own files say it; null where they say nothing. */
  licence: z.string().nullable(),
  /** null where it cannot be used. */
  settings: z
    .strictObject({
      kind: z.enum(['transformer', 'static']),
      /** What they are stored in. */
      weights: z.enum(['int8', 'fp32', 'fp16', 'bf16', 'fp64']),
      sha256: z.string(),
      dimensions: z.number(),
      maxTokens: z.number(),
      pooling: z.enum(['mean', 'cls', 'last']),
      prefixes: z.strictObject({ query: z.string(), document: z.string() }),
      /** What the model's files do not say: what stands in for it, and the option after `?` in the name that settles it. */
      assumed: z.array(
        z.strictObject({ option: z.enum(['pooling', 'tokens', 'query', 'document']), what: z.string() }),
      ),
    })
    .nullable(),
  /** Why it cannot be used. */
  problem: z.string().nullable(),
})
export type ModelRecord = z.infer<typeof modelSchema>

export const addModelSchema = z.strictObject({
  /** An absolute path of a folder or zip, or ORG/NAME[@REVISION] of the hub; `:int8` or `:fp32` at the end picks the weights. */
  source: z.string().min(1),
  /** Name or org/name in the workspace, by default that of the source. */
  id: z.string().min(1).optional(),
})
