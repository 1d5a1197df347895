import { DEFAULT_ENCODER } from '../../shared/default-encoder'
import type { DatasetRecord } from '../../shared/schemas/dataset'
import type { HoldOut, RunRecord, TrainRequest } from '../../shared/schemas/run'
import { EMPTY_DRAFT, fromOverrides, type RecipeDraft, toOverrides } from './recipe-draft'

/** What of one dataset is trained: nothing, every task, or some by id. */
export type DatasetSelection = 'none' | 'all' | ReadonlySet<string>

export interface TrainSettings {
  /** Percent of the tasks. */
  readonly unseen: number
  readonly holdOut: HoldOut
  readonly preset: string
  readonly steps: number | null
  readonly seed: number
  /** Null: the seed. */
  readonly splitSeed: number | null
  /** Clusters left out of training for the hand-out rule; null: none. */
  readonly ruleClusters: number | null
}

/** What a request may say beyond the fields of the form: it stays as the run had it, until it is taken out. */
export type FurtherRequest = Partial<
  Pick<TrainRequest, 'unseen' | 'trained' | 'encoder' | 'backend' | 'rows' | 'normalisation'>
>

/** The form while it is filled in. */
export interface TrainDraft {
  /** The run whose request it began with. */
  readonly from: string | null
  selections: Record<string, DatasetSelection>
  settings: TrainSettings
  recipe: RecipeDraft
  further: FurtherRequest
}

const USUAL: TrainSettings = {
  unseen: 20,
  holdOut: 'strict',
  preset: 'recommended',
  steps: null,
  seed: 1,
  splitSeed: null,
  ruleClusters: null,
}

/** An empty form; a dataset that is the only one is chosen, since the next thing to do is to train on it. */
export function blankDraft(datasets: readonly Pick<DatasetRecord, 'id'>[]): TrainDraft {
  const selection = datasets.length === 1 ? 'all' : 'none'
  return {
    from: null,
    selections: Object.fromEntries(datasets.map(({ id }) => [id, selection])),
    settings: USUAL,
    recipe: EMPTY_DRAFT,
    further: {},
  }
}

/** The form filled with what a run was asked. */
export function draftOfRun(
  { id: from, request }: Pick<RunRecord, 'id' | 'request'>,
  datasets: readonly Pick<DatasetRecord, 'id'>[],
): TrainDraft {
  const { unseen, trained, encoder, backend, rows, normalisation } = request
  return {
    from,
    selections: Object.fromEntries(datasets.map(({ id }) => [id, selectionOf(id, request.tasks)])),
    settings: {
      unseen: typeof unseen === 'number' ? Math.round(unseen * 100) : USUAL.unseen,
      holdOut: request.holdOut,
      preset: request.preset,
      steps: request.steps ?? null,
      seed: request.seed,
      splitSeed: request.splitSeed === request.seed ? null : request.splitSeed,
      ruleClusters: request.ruleClusters ?? null,
    },
    recipe: fromOverrides(request.overrides),
    further: {
      ...(typeof unseen === 'number' ? {} : { unseen }),
      ...(trained === undefined ? {} : { trained }),
      ...(encoder === DEFAULT_ENCODER ? {} : { encoder }),
      ...(backend === 'auto' ? {} : { backend }),
      ...(rows.length === 0 ? {} : { rows }),
      ...(normalisation === 'min-max' ? {} : { normalisation }),
    },
  }
}

/** Whether something can be learned from it. */
export function isTrainable({ splits }: Pick<DatasetRecord, 'splits'>): boolean {
  return (splits.train?.queries ?? 0) > 0
}

function selectionOf(dataset: string, tasks: readonly string[]): DatasetSelection {
  const whole = (pattern: string) => pattern.endsWith('.*') && dataset.startsWith(pattern.slice(0, -1))
  if (tasks.includes(dataset) || tasks.includes(`${dataset}/*`) || tasks.some(whole)) return 'all'
  const chosen = tasks.filter((task) => task.startsWith(`${dataset}/`))
  return chosen.length > 0 ? new Set(chosen) : 'none'
}

/** What a request names that is not there: datasets, and families of which no corpus is. */
export function missingOf(
  tasks: readonly string[],
  datasets: readonly Pick<DatasetRecord, 'id'>[],
): string[] {
  const named = new Set(tasks.map((task) => task.split('/', 1)[0]))
  return [...named]
    .map((name) => (name.endsWith('.*') ? name.slice(0, -2) : name))
    .filter((name) => datasets.every(({ id }) => id !== name && !id.startsWith(`${name}.`)))
}

/** How many tasks the form asks to train on or hold out. */
export function countTasks(
  { selections }: Pick<TrainDraft, 'selections'>,
  datasets: readonly Pick<DatasetRecord, 'id' | 'cards'>[],
): number {
  return datasets.reduce((sum, { id, cards }) => {
    const selection = selections[id]
    return sum + (selection === 'all' ? cards : selection instanceof Set ? selection.size : 0)
  }, 0)
}

export function requestOf(
  draft: TrainDraft,
  datasets: readonly Pick<DatasetRecord, 'id' | 'cards' | 'family' | 'splits'>[],
): TrainRequest {
  const { settings } = draft
  const whole = wholeFamilies(draft, datasets)
  return {
    tasks: datasets.flatMap(({ id, cards, family }, at) => {
      if (family !== undefined && whole.has(family))
        return datasets.findIndex((other) => other.family === family) === at ? [`${family}.*`] : []
      const selection = draft.selections[id]
      if (selection === 'all') return [cards > 1 ? `${id}/*` : id]
      return selection instanceof Set ? [...(selection as ReadonlySet<string>)] : []
    }),
    unseen: countTasks(draft, datasets) > 1 ? settings.unseen / 100 : 0,
    holdOut: settings.holdOut,
    preset: settings.preset,
    ...(settings.steps ? { steps: settings.steps } : {}),
    overrides: toOverrides(draft.recipe),
    seed: settings.seed,
    ...(settings.splitSeed === null ? {} : { splitSeed: settings.splitSeed }),
    ...(settings.ruleClusters === null ? {} : { ruleClusters: settings.ruleClusters }),
    ...draft.further,
  }
}

/** Families of which every corpus is chosen, and can be trained: one pattern names them. */
function wholeFamilies(
  { selections }: Pick<TrainDraft, 'selections'>,
  datasets: readonly Pick<DatasetRecord, 'id' | 'family' | 'splits'>[],
): ReadonlySet<string> {
  const families = new Map<string, boolean>()
  for (const { id, family, splits } of datasets) {
    if (family === undefined) continue
    families.set(
      family,
      (families.get(family) ?? true) && selections[id] === 'all' && isTrainable({ splits }),
    )
  }
  return new Set([...families].filter(([, chosen]) => chosen).map(([family]) => family))
}

/** As it is kept between two looks at the page. */
export function packDraft(draft: TrainDraft): unknown {
  const selections = Object.entries(draft.selections).map(([id, selection]) => [
    id,
    selection instanceof Set ? [...selection] : selection,
  ])
  return { ...draft, selections: Object.fromEntries(selections) }
}

export function unpackDraft(kept: unknown): TrainDraft {
  const { selections, ...draft } = kept as Omit<TrainDraft, 'selections'> & {
    selections: Readonly<Record<string, 'none' | 'all' | string[]>>
  }
  const unpacked = Object.entries(selections).map(([id, selection]) => [
    id,
    Array.isArray(selection) ? new Set(selection) : selection,
  ])
  const { from = null, settings, recipe = EMPTY_DRAFT, further = {} } = draft
  return {
    from,
    selections: Object.fromEntries(unpacked),
    settings: { ...USUAL, ...settings },
    recipe: { ...EMPTY_DRAFT, ...recipe },
    further,
  }
}
