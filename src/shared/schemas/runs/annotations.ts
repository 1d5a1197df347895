import { z } from 'zod'

/** A comma would be two tags where people type several. */
const tagSchema = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[^,]*$/, 'a tag has no comma')

/** `runs/<id>/annotations.json`: what a person wrote about a run. The run itself stays as it was recorded. */
export const annotationsSchema = z.strictObject({
  version: z.literal(1),
  /** Shown in place of the run's title; null: none was given. */
  name: z.string().trim().min(1).max(200).nullable(),
  /** In the order of the alphabet, each once. */
  tags: z.array(tagSchema),
  notes: z.string().max(20_000),
  /** Out of the way: lists leave it out unless they are asked. */
  archived: z.boolean(),
})
export type Annotations = z.infer<typeof annotationsSchema>

const someRuns = z.array(z.string().min(1)).min(1).max(10_000)

/** What is to be written about runs; what is absent stays. Tags come and go one by one, so that two windows do not undo each other. */
export const annotateRequestSchema = annotationsSchema
  .pick({ name: true, notes: true, archived: true })
  .partial()
  .extend({ ids: someRuns, tag: z.array(tagSchema).optional(), untag: z.array(tagSchema).optional() })
export type AnnotationChange = Omit<z.infer<typeof annotateRequestSchema>, 'ids'>

export const runsRequestSchema = z.strictObject({ ids: someRuns })

/** A run that was deleted and can be restored still. */
export const deletedRunSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  deletedAt: z.string(),
})
export type DeletedRun = z.infer<typeof deletedRunSchema>
