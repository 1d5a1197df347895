import { HydraError } from '../../../../shared/errors'
import { type Recipe, recipeSchema } from '../../../../shared/schemas/run'

/** Fields of a recipe that differ from a preset; objects in part. */
export type RecipeOverrides = Readonly<Record<string, unknown>>

type Fields = Readonly<Record<string, unknown>>

/** Fields that name a variant of a registry and give it options. */
const CHOICES: readonly string[] = ['generator', 'head', 'teacher', 'sampler']

/**
 * A preset's recipe with some of its fields replaced. Objects are merged field by field; a variant that is named anew
 * loses the options of the one before. Whether its variants and their options exist is checkRecipe's question.
 */
export function overrideRecipe(recipe: Recipe, overrides: RecipeOverrides): Recipe {
  const merged: Record<string, unknown> = { ...recipe }
  for (const [name, value] of Object.entries(overrides)) {
    if (!Object.hasOwn(recipeSchema.shape, name)) throw unknownSetting(name)
    const before = merged[name]
    if (CHOICES.includes(name)) merged[name] = mergeChoice(before as Fields, value)
    else merged[name] = isFields(before) && isFields(value) ? { ...before, ...value } : value
  }
  const parsed = recipeSchema.safeParse(merged)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue.path.join('.')
  throw new HydraError('USAGE', {
    expected: `${path || 'a recipe'}: ${issue.message}`,
    got:
      JSON.stringify(issue.path.reduce<unknown>((value, key) => (value as Fields)?.[String(key)], merged)) ??
      'nothing',
    remedy: 'Correct it or leave it out.',
    command: 'hydra list setting',
  })
}

function mergeChoice(before: Fields, value: unknown): unknown {
  if (!isFields(value)) return value
  const keeps = value.name === undefined || value.name === before.name
  const options = keeps && isFields(before.options) ? before.options : {}
  const given = value.options
  return {
    name: before.name,
    ...value,
    options: isFields(given) || given === undefined ? { ...options, ...given } : given,
  }
}

function unknownSetting(name: string): HydraError {
  return new HydraError('OPTION_UNKNOWN', {
    expected: `a setting of a recipe: ${Object.keys(recipeSchema.shape).join(', ')}`,
    got: JSON.stringify(name),
    remedy: 'Choose one of these.',
    command: 'hydra list setting',
  })
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
