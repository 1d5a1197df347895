import { defineStore } from 'pinia'
import { computed, shallowRef, triggerRef } from 'vue'
import type { HydraError } from '../../shared/errors'
import type { JobRecord } from '../../shared/schemas/job'
import { useClient, useConnection } from '../api/client'
import { follow } from '../api/follow'
import { toFailure } from '../api/to-failure'

export function isLive(job: JobRecord): boolean {
  return job.state === 'queued' || job.state === 'running'
}

/** Every job of the host, kept current by one stream for the whole window. */
export const useJobs = defineStore('jobs', () => {
  const client = useClient()
  const connection = useConnection()
  const byId = shallowRef(new Map<string, JobRecord>())
  const loaded = shallowRef(false)
  const failure = shallowRef<HydraError | null>(null)
  /** Rises when a job begins or ends: what lists of runs and datasets reload on. */
  const turns = shallowRef(0)
  let started = false

  const all = computed(() => [...byId.value.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt)))
  const live = computed(() => all.value.filter(isLive))

  function put(job: JobRecord): void {
    if (byId.value.get(job.id)?.state !== job.state) turns.value++
    byId.value.set(job.id, job)
    triggerRef(byId)
  }

  /** Begins to follow; called once by the shell. */
  function start(): void {
    if (started) return
    started = true
    void follow({
      connection,
      signal: new AbortController().signal,
      open: async (signal) => {
        const stream = await client.jobs.changes(undefined, { signal })
        byId.value = new Map((await client.jobs.list(undefined, { signal })).map((job) => [job.id, job]))
        loaded.value = true
        failure.value = null
        turns.value++
        return stream
      },
      begin: () => {},
      event: put,
      complete: () => false,
    }).catch((error) => {
      failure.value = toFailure(error)
    })
  }

  async function cancel(id: string): Promise<void> {
    put(await client.jobs.cancel({ id }))
  }

  /** Answers when the job has stopped. */
  async function pause(id: string): Promise<void> {
    put(await client.jobs.pause({ id }))
  }

  /** The record of a job that was just started, so that lists show it at once. */
  async function know(id: string): Promise<JobRecord> {
    const job = await client.jobs.show({ id })
    put(job)
    return job
  }

  return { all, live, byId, loaded, failure, turns, start, cancel, pause, know }
})
