import { computed } from 'vue'
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router'
import type { CardChoice } from '../../shared/schemas/card'
import { useClient } from '../api/client'
import { useLoad } from '../api/use-load'
import type { TaskOption } from '../components/task-combobox.vue'
import { useCards } from '../stores/cards'
import { useDatasets } from '../stores/datasets'
import { useRuns } from '../stores/runs'

const CARD = 'card:'

/** Which head is to be exported and which one is open, as the address says it. */
export function useExportChoice() {
  const client = useClient()
  const route = useRoute()
  const router = useRouter()
  const runs = useRuns()
  const datasets = useDatasets()
  const cards = useCards()
  const text = (key: string) => (typeof route.query[key] === 'string' ? route.query[key] : null)
  const change = (next: LocationQueryRaw) => void router.replace({ query: { ...route.query, ...next } })

  const run = computed({
    get: () => text('run') ?? runs.trained[0]?.id ?? '',
    set: (id) => change({ run: id, dataset: undefined, task: undefined, card: undefined }),
  })
  const record = computed(() => runs.byId.get(run.value) ?? null)
  const corpora = computed(() =>
    datasets.all.filter(({ id }) => record.value?.datasets.some((one) => one.id === id)),
  )
  const corpus = computed(
    () => corpora.value.find(({ id }) => id === text('dataset')) ?? corpora.value[0] ?? null,
  )
  const dataset = computed({
    get: () => corpus.value?.id ?? '',
    set: (id) => change({ dataset: id, task: undefined, card: undefined }),
  })
  const whole = useLoad(
    () => record.value?.id ?? null,
    (id, signal) => client.runs.show({ id }, { signal }),
  )
  const tasks = useLoad(
    () => corpus.value?.sha256 ?? null,
    () => datasets.tasksOf(corpus.value!),
  )
  /** Tasks of the corpus and cards that people wrote. */
  const options = computed<TaskOption[]>(() => {
    const seen = new Set(whole.data.value?.seen)
    const unseen = new Set(whole.data.value?.unseen)
    return [
      ...cards.own.map(({ id, name, description }) => ({
        id: `${CARD}${id}`,
        name,
        description,
        trained: null,
      })),
      ...(tasks.data.value ?? []).map(({ id, name, description }) => ({
        id,
        name,
        description,
        trained: seen.has(id) ? true : unseen.has(id) ? false : null,
      })),
    ]
  })
  /** A card that came with the address: written in the playground and not saved. */
  const written = computed<CardChoice | null>(() => {
    const choice = text('card')
    try {
      return choice === null ? null : (JSON.parse(choice) as CardChoice)
    } catch {
      return null
    }
  })
  const base = computed<string | null>({
    get: () => (written.value ? null : (text('task') ?? options.value[0]?.id ?? null)),
    set: (id) => change({ task: id ?? undefined, card: undefined }),
  })
  /** What is exported: the host reads it with its schema. */
  async function choice(): Promise<CardChoice | null> {
    if (written.value) return written.value
    if (base.value?.startsWith(CARD)) {
      return { card: await client.cards.show({ id: base.value.slice(CARD.length) }) }
    }
    return base.value === null ? null : { task: base.value }
  }

  /** The head that is open. */
  const open = computed<{ run: string; file: string } | null>({
    get: () => {
      const [of, file] = [text('of'), text('file')]
      return of && file ? { run: of, file } : null
    },
    set: (head) => change({ of: head?.run, file: head?.file }),
  })
  const query = computed({
    get: () => text('q') ?? '',
    set: (words) => change({ q: words || undefined }),
  })
  return { run, record, corpora, dataset, options, written, base, choice, open, query }
}
