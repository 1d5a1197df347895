import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import type { JobRecord } from '../../shared/schemas/job'
import { isLive, useJobs } from './jobs'
import { placeOf } from './use-job-start'

const KEY = 'hydra.notify'
const WORDS: Partial<Record<JobRecord['state'], string>> = { done: 'Finished', failed: 'Failed' }

/**
 * A notification of the system when a job ends by itself and nobody looks at the window: by the page's own interface, which a
 * browser asks a person for once, and the desktop has.
 */
export const useNotifications = defineStore('notifications', () => {
  const jobs = useJobs()
  const router = useRouter()
  const supported = 'Notification' in window
  const permission = shallowRef<NotificationPermission>(supported ? Notification.permission : 'denied')
  const wanted = shallowRef(localStorage.getItem(KEY) === 'yes')
  const on = computed(() => wanted.value && permission.value === 'granted')
  /** As they were last seen: of what had ended before, nothing is said. */
  const states = new Map<string, JobRecord['state']>()
  let started = false

  async function toggle(): Promise<void> {
    const next = !on.value
    if (next && permission.value !== 'granted') permission.value = await Notification.requestPermission()
    wanted.value = next && permission.value === 'granted'
    localStorage.setItem(KEY, wanted.value ? 'yes' : 'no')
  }

  function tell(job: JobRecord): void {
    const words = WORDS[job.state]
    if (!words || !on.value || document.hasFocus()) return
    const shown = new Notification(job.title, { body: words, tag: job.id })
    shown.onclick = () => {
      window.focus()
      void router.push(placeOf(job))
    }
  }

  /** Begins to watch; called once by the shell. */
  function start(): void {
    if (started || !supported) return
    started = true
    watch(
      () => jobs.all,
      (all) => {
        for (const job of all) {
          const before = states.get(job.id)
          states.set(job.id, job.state)
          if ((before === 'queued' || before === 'running') && !isLive(job)) tell(job)
        }
      },
      { immediate: true },
    )
  }

  return { supported, permission, on, toggle, start }
})
