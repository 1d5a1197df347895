import { computed, watch } from 'vue'
import type { CardChoice, TaskCard } from '../../shared/schemas/card'
import type { PlaygroundRequest, PlaygroundTask } from '../../shared/schemas/playground'
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
/** Cards that say at once what a card does, in the order in which the page tries to open on one that was never trained. */
const TELLING = ['musical instrument', 'food', 'sport', 'clothing', 'building']
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
  const task = computed(() => (state.base && !state.base.startsWith(CARD) ? state.base : null))

  // An address that asks for nothing yet opens on a card that was never trained.
  let untouched = false
  watch(
    [bases, arrivals],
    ([options, arrival], [, before]) => {
      if (arrival !== before) untouched = !state.query && !state.base && !state.draft
      if (!untouched || state.base || state.draft || !run.value) return
      const fresh = options.filter(({ trained }) => trained === false)
      const telling = TELLING.map((name) => fresh.find((one) => one.name === name)).find(Boolean)
      state.base = (telling ?? fresh[0])?.id ?? null
    },
    { immediate: true },
  )

  const base = useLoad(
    () =>
      state.base && corpus.value && state.run
        ? { id: state.base, run: state.run, dataset: corpus.value.id }
        : null,
    async ({ id, run: of, dataset }, signal): Promise<PlaygroundTask> =>
      id.startsWith(CARD)
        ? { card: await client.cards.show({ id: id.slice(CARD.length) }, { signal }), queries: [] }
        : client.playground.task({ run: of, dataset, task: id }, { signal }),
  )
  watch(
    () => base.data.value,
    (loaded) => {
      if (loaded && !state.query) state.query = loaded.queries[0]?.text ?? ''
    },
  )
  const baseDraft = computed(() => (base.data.value ? draftOfCard(base.data.value.card) : EMPTY_DRAFT))
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

  const name = computed(() => base.data.value?.card.name ?? draft.value.description.slice(0, 60))
  const choice = computed<CardChoice | null>(() => {
    if (!state.draft && task.value) return { task: task.value }
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
      k: PLAYGROUND_K,
    }
  })

  return {
    state,
    ready,
    restored,
    clear,
    run,
    corpora,
    bases,
    base,
    task,
    draft,
    begin,
    name,
    choice,
    request,
  }
}
