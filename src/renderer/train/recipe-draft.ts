import type { Choice, Recipe, TrainRequest } from '../../shared/schemas/run'

/** Fields of a recipe that name one variant of a registry. */
export const CHOICE_KINDS = ['generator', 'head', 'teacher', 'sampler'] as const
export type ChoiceKind = (typeof CHOICE_KINDS)[number]
export type WeightedLoss = Recipe['losses'][number]

/** What a person has said otherwise than the preset; whatever is not in here stays as the preset has it. */
export interface RecipeDraft {
  readonly choices: Readonly<Partial<Record<ChoiceKind, Choice>>>
  readonly losses: readonly WeightedLoss[] | null
  /** By the setting's name: `learningRate`, `nullCards.share`. */
  readonly settings: Readonly<Record<string, unknown>>
}

export const EMPTY_DRAFT: RecipeDraft = { choices: {}, losses: null, settings: {} }

/** As a request carries it; nothing where nothing was said. */
export function toOverrides({ choices, losses, settings }: RecipeDraft): TrainRequest['overrides'] {
  const overrides: Record<string, unknown> = { ...choices }
  if (losses) overrides.losses = losses
  for (const [path, value] of Object.entries(settings)) {
    const [name, part] = path.split('.')
    overrides[name] =
      part === undefined ? value : { ...(overrides[name] as object | undefined), [part]: value }
  }
  return Object.keys(overrides).length > 0 ? overrides : undefined
}

/** The draft that makes these overrides: what `toOverrides` makes of it again. */
export function fromOverrides(overrides: TrainRequest['overrides'] = {}): RecipeDraft {
  const choices: Partial<Record<ChoiceKind, Choice>> = {}
  const settings: Record<string, unknown> = {}
  let losses: RecipeDraft['losses'] = null
  for (const [name, value] of Object.entries(overrides)) {
    const kind = CHOICE_KINDS.find((one) => one === name)
    if (kind) choices[kind] = { ...(value as Choice), options: (value as Partial<Choice>).options ?? {} }
    else if (name === 'losses')
      losses = (value as WeightedLoss[]).map((loss) => ({
        ...loss,
        options: loss.options ?? {},
        weight: loss.weight ?? 1,
      }))
    else if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [part, said] of Object.entries(value)) settings[`${name}.${part}`] = said
    else settings[name] = value
  }
  return { choices, losses, settings }
}

export function changesIn({ choices, losses, settings }: RecipeDraft): number {
  return Object.keys(choices).length + (losses ? 1 : 0) + Object.keys(settings).length
}

/** What a recipe has for a setting: `nullCards.share` lies in its object. */
export function settingOf(recipe: Recipe, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, part) => (value as Readonly<Record<string, unknown>>)?.[part], recipe)
}
