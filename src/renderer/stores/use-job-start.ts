import { useRouter } from 'vue-router'
import type { JobRecord } from '../../shared/schemas/job'
import { BESIDE_JOBS } from '../../shared/tables/beside-jobs'
import { type Action, useAction } from '../api/use-action'
import { useJobs } from './jobs'

/** Where a job is looked at: on the page of its main run, which outlives it, or on its own; what it adds to a verdict, there. */
export function placeOf({
  id,
  runs,
  kind,
}: {
  readonly id: string
  readonly runs: readonly string[]
  readonly kind?: JobRecord['kind']
}) {
  if (kind && BESIDE_JOBS.includes(kind)) return { name: 'compare', query: { run: runs[0] } }
  return runs.length > 0 ? { name: 'run', params: { run: runs[0] } } : { name: 'job', params: { job: id } }
}

/** Begins a job and opens the page of what it makes: its run, or where it has none the job. null: nothing was begun after all. */
export function useJobStart(begin: () => Promise<{ job: string; runs: readonly string[] } | null>): Action {
  const router = useRouter()
  const jobs = useJobs()
  return useAction(async () => {
    const begun = await begin()
    if (!begun) return
    const { job, runs } = begun
    await jobs.know(job)
    await router.push(placeOf({ id: job, runs }))
  })
}
