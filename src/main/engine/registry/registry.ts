import { z } from 'zod'
import { HydraError } from '../../../shared/errors'

/**
 * What every variant says of itself: a teacher, a loss, a generator, a head … is one such object in one file. The command
 * line, the forms, `hydra list` and docs/reference.md are made from it.
 */
export interface Spec<Options extends z.ZodType = z.ZodType> {
  /** As it is written in a configuration: lower case, hyphens. */
  readonly name: string
  readonly title: string
  /** One or two sentences: what it does, and when to choose it. */
  readonly summary: string
  /** Author, title, year. */
  readonly citation: string
  /** A strict object whose every field has a default and a description. */
  readonly options: Options
}

/** A variant by name. @param kind as people call it, for the error: `teacher` */
export function findSpec<S extends Spec>(kind: string, registry: readonly S[], name: string): S {
  const spec = registry.find((candidate) => candidate.name === name)
  if (spec) return spec
  throw new HydraError('OPTION_UNKNOWN', {
    expected: `a ${kind}: ${registry.map((candidate) => candidate.name).join(', ')}`,
    got: JSON.stringify(name),
    remedy: 'Choose one of these.',
    command: `hydra list ${kind}`,
  })
}

/** Options of a variant, checked, with defaults for what is not given. */
export function parseOptions<Options extends z.ZodType>(
  kind: string,
  spec: Spec<Options>,
  options: unknown,
): z.output<Options> {
  const parsed = spec.options.safeParse(options ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new HydraError('USAGE', {
    expected: `options of the ${kind} ${spec.name}: ${issue.path.join('.')} ${issue.message}`.trim(),
    got: JSON.stringify(options),
    remedy: 'Correct the option or leave it out.',
    command: `hydra list ${kind}`,
  })
}

/** The files of a folder as `import.meta.glob('./*.ts', { eager: true })` gives them: what each exports, by path. */
export type FolderModules = Readonly<Record<string, unknown>>

/**
 * Every variant that a file of the folder exports, by name: a file added to the folder is all that a new variant needs.
 * Exports that are no variants (types leave none behind) don't count.
 */
export function collectSpecs<S extends Spec>(modules: FolderModules): readonly S[] {
  const found = new Map<string, S>()
  for (const exported of Object.values(modules)) {
    for (const value of Object.values(exported as Readonly<Record<string, unknown>>)) {
      if (!isSpec(value)) continue
      const known = found.get(value.name)
      if (known && known !== value) throw new RangeError(`two variants of a folder are named ${value.name}`)
      found.set(value.name, value as S)
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function isSpec(value: unknown): value is Spec {
  if (typeof value !== 'object' || value === null) return false
  const { name, title, summary, citation, options } = value as Partial<Spec>
  return (
    [name, title, summary, citation].every((text) => typeof text === 'string') && options instanceof z.ZodType
  )
}
