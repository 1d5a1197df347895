import { useRouter } from 'vue-router'
import { type Action, useAction } from '../api/use-action'
import { useJobs } from './jobs'

/** Begins a job and opens its page. */
export function useJobStart(begin: () => Promise<{ job: string }>): Action {
  const router = useRouter()
  const jobs = useJobs()
  return useAction(async () => {
    const { job } = await begin()
    await jobs.know(job)
    await router.push({ name: 'job', params: { job } })
  })
}
