import { onScopeDispose, type ShallowRef, shallowRef, triggerRef, watch } from 'vue'
import type { HydraError } from '../../shared/errors'
import type { JobEvent } from '../../shared/schemas/job'
import { useClient, useConnection } from '../api/client'
import { follow } from '../api/follow'
import { toFailure } from '../api/to-failure'
import { addEvent, emptyTrace, hasEnded, type JobTrace } from './job-trace'

export interface FollowedJob {
  readonly trace: Readonly<ShallowRef<JobTrace>>
  readonly failure: Readonly<ShallowRef<HydraError | null>>
}

/** Follows a job from its beginning. Events are gathered and shown once per animation frame. */
export function useJobTrace(id: () => string | null): FollowedJob {
  const client = useClient()
  const connection = useConnection()
  const trace = shallowRef(emptyTrace())
  const failure = shallowRef<HydraError | null>(null)
  let queue: JobEvent[] = []
  let frame = 0

  function show(): void {
    frame = 0
    const events = queue
    queue = []
    for (const event of events) addEvent(trace.value, event)
    triggerRef(trace)
  }

  watch(
    id,
    (job, _, onCleanup) => {
      const controller = new AbortController()
      onCleanup(() => controller.abort())
      failure.value = null
      trace.value = emptyTrace()
      if (!job) return
      let ended = false
      follow({
        connection,
        signal: controller.signal,
        open: (signal) => client.jobs.watch({ id: job }, { signal }),
        begin: () => {
          queue = []
          ended = false
          trace.value = emptyTrace()
        },
        event: (event) => {
          if (event.type === 'state') ended = hasEnded(event.state)
          queue.push(event)
          frame ||= requestAnimationFrame(show)
        },
        complete: () => ended,
      }).catch((error) => {
        if (!controller.signal.aborted) failure.value = toFailure(error)
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => cancelAnimationFrame(frame))
  return { trace, failure }
}
