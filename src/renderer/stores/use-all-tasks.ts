import { computed } from 'vue'
import type { DatasetRecord, TaskSummary } from '../../shared/schemas/dataset'
import { useLoad } from '../api/use-load'
import { useDatasets } from './datasets'

export interface DatasetTask {
  readonly dataset: DatasetRecord
  readonly task: TaskSummary
}

/** The tasks of every dataset; one that cannot be read has none here, and says why on its own page. */
export function useAllTasks() {
  const datasets = useDatasets()
  const all = useLoad(
    () => (datasets.loaded ? datasets.all.map(({ id, sha256 }) => [id, sha256]) : null),
    async (): Promise<DatasetTask[]> => {
      const lists = datasets.all.map(async (dataset) => {
        const tasks = await datasets.tasksOf(dataset).catch(() => [])
        return tasks.map((task) => ({ dataset, task }))
      })
      return (await Promise.all(lists)).flat()
    },
  )
  return {
    tasks: computed<readonly DatasetTask[]>(() => all.data.value ?? []),
    loaded: computed(() => all.data.value !== null),
  }
}
