import { z } from 'zod'

/** Whatever a person may choose among, by the word that a command line and an error use. @internal */
export const REGISTRY_KINDS = [
  'teacher',
  'sampler',
  'conditioning',
  'generator',
  'head',
  'loss',
  'encoder',
  'backend',
  'provider',
  'measure',
  'preset',
  'setting',
  'rule',
  'exporter',
  'index',
  'source',
] as const
const registryKindSchema = z.enum(REGISTRY_KINDS)
export type RegistryKind = z.infer<typeof registryKindSchema>

/** One option of a variant, or one setting of a recipe, as a form, a flag and a table need it: no zod in the window. */
const optionSchema = z.strictObject({
  /** As it is written after `--set`; parts of an object with a dot: `nullCards.share`. */
  name: z.string(),
  type: z.enum(['number', 'integer', 'text', 'flag', 'choice', 'choices', 'texts', 'numbers', 'json']),
  /** What stands for it when nothing is said; absent where a preset says it. */
  default: z.unknown().optional(),
  description: z.string(),
  /** Under which heading it stands, where options have several. */
  group: z.string().optional(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** The value must be above `min`, not at it. */
  above: z.boolean(),
  /** `null` is a value too, written `none`. */
  nullable: z.boolean(),
  /** Of a `choice` its values, of `choices` (a list of them) what the list may hold. */
  choices: z.array(z.string()).nullable(),
})
export type OptionDescription = z.infer<typeof optionSchema>

const registryEntrySchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  /** Empty where it is nobody's publication: a backend, a preset. */
  citation: z.string(),
  options: z.array(optionSchema),
  /** Of an exporter of whole runs, which needs no card. */
  subject: z.literal('run').optional(),
})
export type RegistryEntry = z.infer<typeof registryEntrySchema>

export const registrySchema = z.strictObject({
  kind: registryKindSchema,
  /** In the plural: `Teachers`. */
  title: z.string(),
  /** What the variants of this kind are for. */
  summary: z.string(),
  entries: z.array(registryEntrySchema),
})
export type Registry = z.infer<typeof registrySchema>
