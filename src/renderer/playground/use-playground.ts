import { computed, watch } from 'vue'
import type { CardChoice, TaskCard } from '../../shared/schemas/card'
import type { PlaygroundRequest } from '../../shared/schemas/playground'
import { useClient } from '../api/client'
import { useLoad } from '../api/use-load'
import {
  type CardDraft,
  cardOfDraft,
  draftOfCard,
  EMPTY_DRAFT,
  idOfName,
  sameDraft,
} from '../cards/card-draft'
import type { TaskOption } from '../components/task-combobox.vue'
import { useCards } from '../stores/cards'
import { useDatasets } from '../stores/datasets'
import { useDrafts } from '../stores/drafts'
import { useRuns } from '../stores/runs'
import { usePlaygroundState } from './use-playground-state'

/** How many documents a column shows. */
export const PLAYGROUND_K = 10
/** Cards to begin with: the one that the first visit opens on, and five more to click. */
const SUGGESTED = 6
/** Judged queries of a task to go through. */
const MOST_QUERIES = 100
const CARD = 'card:'

/** What the playground shows: read from the address, changed by hand, written back, and turned into requests. */
export function usePlayground() {
  const client = useClient()
  const runs = useRuns()
  const datasets = useDatasets()
  const drafts = useDrafts()
  const cards = useCards()
  const { state, arrivals, restored, clear } = usePlaygroundState()

  const ready = computed(() => runs.loaded && datasets.loaded && drafts.settled)
  const run = computed(() => runs.byId.get(state.run) ?? null)
  /** Which tasks the run trained and held out: too long for a list of runs. */
  const record = useLoad(
    () => run.value?.id ?? null,
    (id, signal) => client.runs.show({ id }, { signal }),
  )
  /** Corpora to choose from: those of the run, or all for the frozen encoder. */
  const corpora = computed(() =>
    datasets.all.filter(
      ({ id }) => state.run === 'frozen' || run.value?.datasets.some((one) => one.id === id),
    ),
  )
  const corpus = computed(() => corpora.value.find((one) => one.id === state.dataset) ?? null)
  watch(
    [ready, corpora, arrivals],
    () => {
      if (!ready.value) return
      if (!state.run) state.run = runs.trained[0]?.id ?? 'frozen'
      const asked = state.base?.split('/', 1)[0]
      if (!corpus.value)
        state.dataset = (corpora.value.find(({ id }) => id === asked) ?? corpora.value[0])?.id ?? ''
    },
    { immediate: true },
  )

  const tasks = useLoad(
    () => corpus.value?.sha256 ?? null,
    () => datasets.tasksOf(corpus.value!),
  )
  /** Cards to begin with: the tasks of the corpus, never-trained ones first, then those that people wrote. */
  const bases = computed<TaskOption[]>(() => {
    if (run.value && !record.data.value && !record.failure.value) return []
    const unseen = new Set(record.data.value?.unseen)
    const seen = new Set(record.data.value?.seen)
    const ofTasks = (tasks.data.value ?? [])
      .map(({ id, name, description }) => ({
        id,
        name,
        description,
        trained: seen.has(id) ? true : unseen.has(id) ? false : null,
      }))
      .sort((a, b) => Number(a.trained ?? true) - Number(b.trained ?? true) || a.name.localeCompare(b.name))
    const ofPeople = cards.own.map((card) => ({
      id: `${CARD}${card.id}`,
      name: card.name,
      description: card.description,
      trained: null,
    }))
    return [...ofPeople, ...ofTasks]
  })
  const ownTask = computed(() => (state.base && !state.base.startsWith(CARD) ? state.base : null))
  const task = computed(() => ownTask.value ?? state.judge)

  const suggested = useLoad(
    () =>
      run.value?.state === 'done' && run.value.kind !== 'frozen' && corpus.value
        ? { run: run.value.id, dataset: corpus.value.id }
        : null,
    (asked, signal) => client.playground.suggest({ ...asked, most: SUGGESTED }, { signal }),
  )
  // An address that asks for nothing yet opens on a card that was never trained and moves the ranking.
  const untouched = computed(() => !state.query && !state.base && !state.draft)
  let begins = false
  watch(
    [() => suggested.data.value, () => suggested.failure.value, bases, arrivals],
    ([cards, failure, options, arrival], [, , , before]) => {
      if (arrival !== before) begins = untouched.value
      if (!begins || !untouched.value || !run.value) return
      const first = cards?.[0]
      if (first) Object.assign(state, { base: first.task, query: first.query })
      else if (cards || failure) state.base = options.find(({ id }) => !id.startsWith(CARD))?.id ?? null
    },
    { immediate: true },
  )

  const base = useLoad(
    () =>
      state.base && corpus.value && state.run
        ? {
            id: state.base,
            run: state.run,
            dataset: corpus.value.id,
            turn: state.base.startsWith(CARD) ? cards.turns : 0,
          }
        : null,
    async ({ id, run: of, dataset }, signal): Promise<TaskCard> =>
      id.startsWith(CARD)
        ? client.cards.show({ id: id.slice(CARD.length) }, { signal })
        : (await client.playground.task({ run: of, dataset, task: id, most: 1 }, { signal })).card,
  )
  /** Judged queries of the task, to try. */
  const queries = useLoad(
    () =>
      task.value && corpus.value && state.run
        ? { run: state.run, dataset: corpus.value.id, task: task.value }
        : null,
    async (asked, signal) =>
      (await client.playground.task({ ...asked, most: MOST_QUERIES }, { signal })).queries,
  )
  watch(
    () => queries.data.value,
    (loaded) => {
      if (loaded && !state.query) state.query = loaded[0]?.text ?? ''
    },
  )
  function nextQuery(): void {
    const all = queries.data.value ?? []
    const at = all.findIndex(({ text }) => text === state.query)
    state.query = all[(at + 1) % all.length]?.text ?? state.query
  }
  /** Any other task, of those that were never trained where there are some, with a query of its own. */
  function newTask(): void {
    const others = bases.value.filter(({ id }) => !id.startsWith(CARD) && id !== state.base)
    const fresh = others.filter(({ trained }) => trained === false)
    const among = fresh.length > 0 ? fresh : others
    const chosen = among[Math.floor(Math.random() * among.length)]
    if (chosen) beginTask(chosen.id)
  }
  function beginTask(id: string): void {
    begin(id)
    state.query = ''
  }

  const baseDraft = computed(() => (base.data.value ? draftOfCard(base.data.value) : EMPTY_DRAFT))
  const draft = computed<CardDraft>({
    get: () => state.draft ?? baseDraft.value,
    set: (typed) => {
      state.draft = sameDraft(typed, baseDraft.value) && state.base ? null : typed
    },
  })
  function begin(id: string | null): void {
    state.base = id
    state.draft = null
  }

  const name = computed(() => base.data.value?.name ?? draft.value.description.slice(0, 60))
  const choice = computed<CardChoice | null>(() => {
    if (!state.draft && ownTask.value) return { task: ownTask.value }
    const fields = cardOfDraft(draft.value)
    if (!fields.description) return null
    const id = idOfName(name.value) || 'card'
    return { card: { version: 1, id, name: name.value || id, ...fields } satisfies TaskCard }
  })
  const other = computed(() => {
    if (state.otherTask)
      return { card: { task: state.otherTask }, ...(state.otherRun ? { run: state.otherRun } : {}) }
    // The same card through another run.
    return state.otherRun && choice.value ? { card: choice.value, run: state.otherRun } : null
  })
  const request = computed<PlaygroundRequest | null>(() => {
    if (!ready.value || !state.run || !corpus.value || !state.query.trim()) return null
    const withCard = state.run !== 'frozen' && choice.value
    return {
      run: state.run,
      dataset: corpus.value.id,
      query: state.query.trim(),
      systems: [...state.systems],
      ...(withCard ? { card: withCard } : {}),
      ...(other.value ? { other: other.value } : {}),
      ...(task.value ? { judge: task.value } : {}),
      blend: { ...state.blend },
      handOut: state.handOut,
      k: PLAYGROUND_K,
    }
  })

  return {
    state,
    ready,
    restored,
    clear,
    run,
    record: record.data,
    corpora,
    bases,
    base,
    task,
    tasks: computed(() => tasks.data.value ?? []),
    suggested,
    untouched,
    queries,
    nextQuery,
    newTask,
    beginTask,
    draft,
    begin,
    name,
    choice,
    request,
  }
}
