import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { RunSummary } from '../../shared/schemas/runs/run-summary'

/** Columns by which runs are sorted, each with what it compares; null sorts last, whichever way. */
const KEYS = {
  name: (run) => run.title.toLowerCase(),
  tasks: (run) => run.request.tasks.join(', '),
  preset: (run) => run.request.preset,
  seed: (run) => run.request.seed,
  state: (run) => run.state,
  started: (run) => run.createdAt,
  duration: (run) => (run.endedAt ? Date.parse(run.endedAt) - Date.parse(run.createdAt) : null),
  measure: (run) => run.figures?.headline?.mean.value ?? null,
  lead: (run) => run.figures?.headline?.lead?.value ?? null,
  best: (run) => run.figures?.dev?.best.value ?? null,
  last: (run) => run.figures?.dev?.last.value ?? null,
} satisfies Record<string, (run: RunSummary) => string | number | null>
export type SortKey = keyof typeof KEYS

/** Of text the first press sorts from A on, of all else from the most. */
const FROM_LEAST: readonly SortKey[] = ['name', 'tasks', 'preset', 'seed', 'state']

const ARCHIVED = ['hidden', 'only', 'too'] as const
type Archived = (typeof ARCHIVED)[number]

/** What is looked at among the runs: all of it stands in the address. An empty text asks for nothing. */
export interface RunsView {
  readonly text: string
  readonly state: string
  readonly preset: string
  readonly dataset: string
  readonly tag: string
  readonly archived: Archived
  readonly sort: SortKey
  readonly descending: boolean
  /** Ids of chosen runs, whether they are in view or not. */
  readonly chosen: readonly string[]
}

const USUAL: RunsView = {
  text: '',
  state: '',
  preset: '',
  dataset: '',
  tag: '',
  archived: 'hidden',
  sort: 'started',
  descending: true,
  chosen: [],
}

export function readRunsView(query: LocationQuery): RunsView {
  const all = (key: string) => [query[key] ?? []].flat().filter((one) => one !== null)
  const text = (key: string) => all(key)[0] ?? ''
  const sort = text('sort')
  const key = sort.replace(/^-/, '')
  const known = Object.hasOwn(KEYS, key) ? (key as SortKey) : null
  return {
    text: text('q'),
    state: text('state'),
    preset: text('preset'),
    dataset: text('dataset'),
    tag: text('tag'),
    archived: ARCHIVED.find((one) => one === text('archived')) ?? USUAL.archived,
    sort: known ?? USUAL.sort,
    descending: known ? sort.startsWith('-') : USUAL.descending,
    chosen: [...new Set(all('pick'))],
  }
}

/** The address of a view; what is usual is left out. */
export function runsQuery(view: RunsView): LocationQueryRaw {
  const { text, state, preset, dataset, tag, archived, sort, descending, chosen } = view
  const isUsual = sort === USUAL.sort && descending === USUAL.descending
  return {
    q: text || undefined,
    state: state || undefined,
    preset: preset || undefined,
    dataset: dataset || undefined,
    tag: tag || undefined,
    archived: archived === USUAL.archived ? undefined : archived,
    sort: isUsual ? undefined : `${descending ? '-' : ''}${sort}`,
    pick: chosen.length > 0 ? [...chosen] : undefined,
  }
}

export function isFiltered({ text, state, preset, dataset, tag }: RunsView): boolean {
  return [text, state, preset, dataset, tag].some((one) => one !== '')
}

/** Sorting by the column that is sorted by turns it round. */
export function sortedBy(view: RunsView, key: SortKey): RunsView {
  const descending = view.sort === key ? !view.descending : !FROM_LEAST.includes(key)
  return { ...view, sort: key, descending }
}

/** The runs of a view, in its order; equal ones the newest first. */
export function runsOfView(runs: readonly RunSummary[], view: RunsView): RunSummary[] {
  const words = view.text.toLowerCase().split(/\s+/).filter(Boolean)
  const keyOf = KEYS[view.sort] as (run: RunSummary) => string | number | null
  const sign = view.descending ? -1 : 1
  return runs
    .filter((run) => isInView(run, view, words))
    .map((run) => ({ run, value: keyOf(run) }))
    .sort(({ value: a, run: x }, { value: b, run: y }) => {
      if (a !== b && (a === null || b === null)) return a === null ? 1 : -1
      if (a !== b && a !== null && b !== null) return a < b ? -sign : sign
      return x.createdAt < y.createdAt ? 1 : x.createdAt > y.createdAt ? -1 : 0
    })
    .map(({ run }) => run)
}

function isInView(run: RunSummary, view: RunsView, words: readonly string[]): boolean {
  if (view.archived !== 'too' && run.archived !== (view.archived === 'only')) return false
  if (view.state && run.state !== view.state) return false
  if (view.preset && run.request.preset !== view.preset) return false
  if (view.dataset && !run.datasets.some(({ id }) => id === view.dataset)) return false
  if (view.tag && !run.tags.includes(view.tag)) return false
  return words.length === 0 || words.every((word) => wordsOf(run).includes(word))
}

const texts = new WeakMap<RunSummary, string>()

/** Everything of a run that text is looked for in; a changed row is another object. */
function wordsOf(run: RunSummary): string {
  const known = texts.get(run)
  if (known !== undefined) return known
  const { title, ownTitle, id, tags, notes, request, encoder } = run
  const text = [title, ownTitle, id, ...tags, notes, ...request.tasks, encoder.id].join('\n').toLowerCase()
  texts.set(run, text)
  return text
}

export interface RunValues {
  readonly states: readonly RunSummary['state'][]
  readonly presets: readonly string[]
  readonly datasets: readonly string[]
  readonly tags: readonly string[]
}

/** What there is to filter by. */
export function valuesOf(runs: readonly RunSummary[]): RunValues {
  const sorted = <Value extends string>(values: Iterable<Value>) => [...new Set(values)].sort()
  return {
    states: sorted(runs.map(({ state }) => state)),
    presets: sorted(runs.map(({ request }) => request.preset)),
    datasets: sorted(runs.flatMap(({ datasets }) => datasets.map(({ id }) => id))),
    tags: sorted(runs.flatMap(({ tags }) => tags)),
  }
}

/** Chosen runs after one more was pressed; with Shift also those between it and the last one that was. */
export function chosenAfter(
  view: readonly RunSummary[],
  chosen: readonly string[],
  press: { readonly id: string; readonly on: boolean; readonly from: string | null },
): string[] {
  const ids = view.map(({ id }) => id)
  const [a, b] = [ids.indexOf(press.from ?? press.id), ids.indexOf(press.id)]
  const pressed = a < 0 ? [press.id] : ids.slice(Math.min(a, b), Math.max(a, b) + 1)
  const others = chosen.filter((id) => !pressed.includes(id))
  return press.on ? [...others, ...pressed] : others
}
