import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { DatasetRecord, TaskSummary } from '../../shared/schemas/dataset'
import { useClient, useConnection } from '../api/client'
import { follow } from '../api/follow'
import { useLoad } from '../api/use-load'
import { useJobs } from './jobs'

/** The datasets of the workspace and, once asked for, the tasks of each. */
export const useDatasets = defineStore('datasets', () => {
  const client = useClient()
  const connection = useConnection()
  const jobs = useJobs()
  const list = useLoad(
    () => true,
    (_, signal) => client.datasets.list(undefined, { signal }),
  )
  const tasks = new Map<string, Promise<TaskSummary[]>>()
  /** What this window deleted last, until it is brought back or the word is taken away. */
  const deleted = shallowRef<{ dataset: DatasetRecord; runs: string[] } | null>(null)

  watch(
    () => jobs.turns,
    () => list.reload(),
  )
  // What a window deletes is gone in every other one too. A host that ends the stream is sought again by the connection.
  void follow({
    connection,
    signal: new AbortController().signal,
    open: (signal) => client.datasets.changes(undefined, { signal }),
    begin: () => {},
    event: () => list.reload(),
    complete: () => false,
  }).catch(() => undefined)

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

  async function remove(id: string): Promise<void> {
    deleted.value = await client.datasets.delete({ id })
    list.reload()
  }

  async function restore(): Promise<void> {
    if (!deleted.value) return
    await client.datasets.restore({ id: deleted.value.dataset.id })
    deleted.value = null
    list.reload()
  }

  return {
    all,
    loaded: computed(() => list.data.value !== null),
    slow: list.slow,
    failure: list.failure,
    deleted,
    tasksOf,
    remove,
    restore,
  }
})
