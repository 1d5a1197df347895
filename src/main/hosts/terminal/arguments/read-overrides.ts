import { decimalNumber } from '../../../../shared/decimal-number'
import { HydraError } from '../../../../shared/errors'
import type { OptionDescription } from '../../../../shared/schemas/registry'
import { type Recipe, recipeSchema } from '../../../../shared/schemas/run'
import { describeOptions } from '../../../engine/registry/describe-options'
import type { Spec } from '../../../engine/registry/registry'
import type { RecipeOverrides } from '../../../engine/training/recipes/override-recipe'
import { readOptionValue, splitAssignment } from './read-assignment'
import { usageError } from './usage-error'

/** What a command line says of a recipe, in its own words. */
export interface SaidOfRecipe {
  readonly preset?: string
  readonly steps?: number
  readonly generator?: string
  readonly head?: string
  readonly teacher?: string
  readonly sampler?: string
  readonly side?: string
  /** `infonce` or `infonce:1,pairwise:.5` */
  readonly loss?: string
  /** `learningRate=3e-4`, `generator.skip=off`, `pairwise.weighted=off` */
  readonly set: readonly string[]
}

const CHOICES = ['generator', 'head', 'teacher', 'sampler'] as const
type ChoiceKind = (typeof CHOICES)[number]

/** Only variants are looked at here, and they don't depend on the number of tasks. */
const ANY_TASKS = 1

interface Target {
  /** Where it stands in the recipe, for people. */
  readonly place: string
  readonly options: readonly OptionDescription[]
  assign(name: string, value: unknown): void
}

/**
 * What a command line says otherwise than the preset, as overrides of a recipe. Values are read by the type of the option
 * that they are for; names, types and ranges are checked here, before a workspace is opened.
 */
export async function readOverrides(said: SaidOfRecipe): Promise<RecipeOverrides | undefined> {
  const overrides: Record<string, unknown> = {}
  for (const kind of CHOICES) if (said[kind] !== undefined) overrides[kind] = { name: said[kind] }
  if (said.side !== undefined) overrides.side = said.side
  if (said.loss !== undefined) overrides.losses = readLosses(said.loss)
  if (Object.keys(overrides).length === 0 && said.set.length === 0) return undefined

  const { resolveRecipe } = await import('../../../engine/training/recipes/recipes')
  const settle = () => resolveRecipe(said.preset ?? 'recommended', ANY_TASKS, said.steps, overrides)
  for (const assignment of said.set) {
    const [path, text] = splitAssignment(assignment)
    const { target, name } = await findTarget(path, settle(), overrides)
    const option = target.options.find((candidate) => candidate.name === name)
    if (!option) throw unknownOption(path, target)
    target.assign(name, readOptionValue(option, text, assignment))
  }
  const { checkVariants } = await import('../../../engine/training/recipes/check-recipe')
  checkVariants(settle())
  return overrides
}

function readLosses(text: string): { name: string; weight: number }[] {
  return text.split(',').map((part) => {
    const [name, weight = '1', ...rest] = part.trim().split(':')
    const value = decimalNumber(weight.trim())
    if (name === '' || rest.length > 0 || value === null || value <= 0) {
      throw usageError(
        'losses as NAME or NAME:WEIGHT, separated by commas, weights above 0',
        `--loss ${text}`,
      )
    }
    return { name, weight: value }
  })
}

/** Whose option a path names: a variant's (by its kind, or a loss by its name), or the recipe's own. */
async function findTarget(
  path: string,
  recipe: Recipe,
  overrides: Record<string, unknown>,
): Promise<{ target: Target; name: string }> {
  const at = path.indexOf('.')
  const [first, rest] = at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at + 1)]
  const kind = CHOICES.find((one) => one === first)
  if (kind) return { target: await choiceTarget(kind, recipe, overrides), name: rest }
  const { losses } = await import('../../../engine/training/losses')
  if (first === 'loss' || losses.some(({ name }) => name === first)) {
    return { target: await lossTarget(first, recipe, overrides), name: rest }
  }
  const options = describeOptions(recipeSchema).filter(({ group }) => group !== undefined)
  const assign = (name: string, value: unknown) => assignSetting(overrides, name, value)
  return { target: { place: 'recipe', options, assign }, name: path }
}

async function choiceTarget(
  kind: ChoiceKind,
  recipe: Recipe,
  overrides: Record<string, unknown>,
): Promise<Target> {
  const { findSpec } = await import('../../../engine/registry/registry')
  const { name } = recipe[kind]
  const spec = findSpec(kind, await registryOf(kind), name)
  return {
    place: `${kind} ${name}`,
    options: describeOptions(spec.options),
    assign(option, value) {
      const before = overrides[kind] as { options?: object } | undefined
      overrides[kind] = { ...before, options: { ...before?.options, [option]: value } }
    },
  }
}

async function registryOf(kind: ChoiceKind): Promise<readonly Spec[]> {
  switch (kind) {
    case 'generator':
      return (await import('../../../engine/hypernet/generators')).generators
    case 'head':
      return (await import('../../../engine/hypernet/heads')).heads
    case 'teacher':
      return (await import('../../../engine/teachers')).teachers
    case 'sampler':
      return (await import('../../../engine/preferences/samplers')).samplers
  }
}

async function lossTarget(
  named: string,
  recipe: Recipe,
  overrides: Record<string, unknown>,
): Promise<Target> {
  const { findSpec } = await import('../../../engine/registry/registry')
  const { losses } = await import('../../../engine/training/losses')
  const used = recipe.losses.map(({ name }) => name)
  const name = named === 'loss' && used.length === 1 ? used[0] : named
  if (!used.includes(name)) {
    throw new HydraError('OPTION_UNKNOWN', {
      expected: `one of the losses that are summed: ${used.join(', ')}`,
      got: named,
      remedy: 'Name the loss that the option is for, or choose it with --loss.',
    })
  }
  return {
    place: `loss ${name}`,
    options: describeOptions(findSpec('loss', losses, name).options),
    assign(option, value) {
      overrides.losses = recipe.losses.map((loss) =>
        loss.name === name ? { ...loss, options: { ...loss.options, [option]: value } } : loss,
      )
    },
  }
}

/** `nullCards.share` goes into the object `nullCards`. */
function assignSetting(overrides: Record<string, unknown>, path: string, value: unknown): void {
  const [name, part] = path.split('.')
  overrides[name] = part === undefined ? value : { ...(overrides[name] as object | undefined), [part]: value }
}

function unknownOption(path: string, { place, options }: Target): HydraError {
  const names = options.map(({ name }) => name)
  return new HydraError('OPTION_UNKNOWN', {
    expected:
      names.length > 0
        ? `an option of the ${place}: ${names.join(', ')}`
        : `no option: the ${place} has none`,
    got: path,
    remedy: 'Write one of these after --set; `hydra list` describes them.',
  })
}
