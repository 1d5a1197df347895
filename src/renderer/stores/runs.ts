import { defineStore } from 'pinia'
import { computed, shallowRef, triggerRef, watch } from 'vue'
import type { RunRecord } from '../../shared/schemas/run'
import type { Verdict } from '../../shared/schemas/verdict'
import { useClient } from '../api/client'
import { useLoad } from '../api/use-load'
import { useJobs } from './jobs'

/** The runs of the workspace, newest first, and the verdicts that were asked for. */
export const useRuns = defineStore('runs', () => {
  const client = useClient()
  const jobs = useJobs()
  const list = useLoad(
    () => true,
    async (_, signal) =>
      (await client.runs.list(undefined, { signal })).sort((a, b) => b.createdAt.localeCompare(a.createdAt)),
  )
  const verdicts = shallowRef(new Map<string, Verdict | null>())

  watch(
    () => jobs.turns,
    () => {
      verdicts.value.clear()
      triggerRef(verdicts)
      list.reload()
    },
  )

  const all = computed<readonly RunRecord[]>(() => list.data.value ?? [])
  /** Runs with a verdict to read. */
  const finished = computed(() => all.value.filter((run) => run.state === 'done'))
  /** Runs with a network to search with. */
  const trained = computed(() => finished.value.filter((run) => run.kind !== 'frozen'))
  const broken = computed(() =>
    all.value.filter(({ state }) => state === 'failed' || state === 'interrupted' || state === 'paused'),
  )

  async function verdict(id: string, signal?: AbortSignal): Promise<Verdict | null> {
    const known = verdicts.value.get(id)
    if (known !== undefined) return known
    const read = await client.runs.verdict({ id }, { signal })
    verdicts.value.set(id, read)
    return read
  }

  return {
    all,
    finished,
    trained,
    broken,
    loaded: computed(() => list.data.value !== null),
    slow: list.slow,
    failure: list.failure,
    reload: list.reload,
    verdict,
  }
})
