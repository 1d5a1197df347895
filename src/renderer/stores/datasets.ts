import { defineStore } from 'pinia'
import { computed, watch } from 'vue'
import type { DatasetRecord, TaskSummary } from '../../shared/schemas/dataset'
import { useClient } from '../api/client'
import { useLoad } from '../api/use-load'
import { useJobs } from './jobs'

/** The datasets of the workspace and, once asked for, the tasks of each. */
export const useDatasets = defineStore('datasets', () => {
  const client = useClient()
  const jobs = useJobs()
  const list = useLoad(
    () => true,
    (_, signal) => client.datasets.list(undefined, { signal }),
  )
  const tasks = new Map<string, Promise<TaskSummary[]>>()

  watch(
    () => jobs.turns,
    () => list.reload(),
  )

  const all = computed<readonly DatasetRecord[]>(() => list.data.value ?? [])

  /** Tasks of a dataset; a dataset never changes under its sha256, so each is read once. */
  function tasksOf(dataset: DatasetRecord): Promise<TaskSummary[]> {
    const key = `${dataset.id} ${dataset.sha256}`
    const known = tasks.get(key)
    if (known) return known
    const read = client.datasets.show({ id: dataset.id }).then((shown) => shown.tasks)
    read.catch(() => tasks.delete(key))
    tasks.set(key, read)
    return read
  }

  return {
    all,
    loaded: computed(() => list.data.value !== null),
    slow: list.slow,
    failure: list.failure,
    tasksOf,
  }
})
