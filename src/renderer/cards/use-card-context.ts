import { computed } from 'vue'
import { type RouteLocationRaw, useRoute, useRouter } from 'vue-router'
import type { CardChoice } from '../../shared/schemas/card'
import type { TaskOption } from '../components/task-combobox.vue'
import { useRuns } from '../stores/runs'
import { useAllTasks } from '../stores/use-all-tasks'
import { cardOfDraft } from './card-draft'
import type { useCardEditor } from './use-card-editor'

/** What a card is held against: the task that it is for and a trained run. Both stand in the address. */
export function useCardContext(
  id: string | null,
  {
    sheet,
    edited,
    card,
    valid,
  }: Pick<ReturnType<typeof useCardEditor>, 'sheet' | 'edited' | 'card' | 'valid'>,
) {
  const route = useRoute()
  const router = useRouter()
  const runs = useRuns()
  const all = useAllTasks()
  const asked = (key: string) => {
    const value = route.query[key]
    return typeof value === 'string' ? value : null
  }
  const ask = (key: string, value: string | null) =>
    void router.replace({ query: { ...route.query, [key]: value ?? undefined } })

  const tasks = computed<TaskOption[]>(() =>
    all.tasks.value.map(({ dataset, task }) => ({
      id: task.id,
      name: task.name === dataset.title ? task.name : `${task.name} · ${dataset.title}`,
      description: task.description,
      trained: null,
    })),
  )
  /** The task whose own card this is. A dataset with one card has one task, named without the card. */
  const ownTask = computed(() => {
    if (!id?.includes('/')) return null
    const names = [id, id.split('/', 1)[0]]
    return all.tasks.value.find(({ task }) => names.includes(task.id))?.task.id ?? null
  })
  const task = computed({
    get: () => asked('for') ?? ownTask.value,
    set: (chosen: string | null) => ask('for', chosen),
  })
  const datasetOfTask = computed(() => task.value?.split('/', 1)[0] ?? null)
  const ofRuns = computed(() =>
    runs.trained.filter(
      ({ datasets }) =>
        datasetOfTask.value === null || datasets.some((one) => one.id === datasetOfTask.value),
    ),
  )
  const chosenRun = computed(
    () => ofRuns.value.find((one) => one.id === asked('run')) ?? ofRuns.value[0] ?? null,
  )
  const run = computed({
    get: () => chosenRun.value?.id ?? '',
    set: (chosen: string) => ask('run', chosen),
  })
  const dataset = computed(() => datasetOfTask.value ?? chosenRun.value?.datasets[0]?.id ?? null)

  /** As a run knows it: its task where it is a dataset's own and unchanged. Null while it is not valid. */
  const choice = computed<CardChoice | null>(() => {
    if (ownTask.value !== null && edited.value === null) return { task: ownTask.value }
    return valid.value ? { card: card.value } : null
  })
  /** The playground on the card as it stands, beside another task's card where one is named. */
  function playground(other: string | null): RouteLocationRaw {
    const saved = id === null || id.includes('/') ? null : `card:${id}`
    const changed = edited.value !== null || id === null
    return {
      name: 'playground',
      query: {
        run: run.value || undefined,
        dataset: dataset.value ?? undefined,
        task: ownTask.value ?? saved ?? undefined,
        card: changed ? JSON.stringify(cardOfDraft(sheet.value.draft)) : undefined,
        judge: ownTask.value === null ? (task.value ?? undefined) : undefined,
        ...(other === null ? {} : { other, systems: 'frozen,this card,another card' }),
      },
    }
  }
  return { task, tasks, run, ofRuns, dataset, choice, playground }
}
