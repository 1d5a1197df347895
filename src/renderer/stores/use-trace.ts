import { onScopeDispose, type ShallowRef, shallowRef, triggerRef, watch } from 'vue'
import type { HydraError } from '../../shared/errors'
import type { JobEvent, JobRecord } from '../../shared/schemas/job'
import { useClient, useConnection } from '../api/client'
import { follow } from '../api/follow'
import { toFailure } from '../api/to-failure'
import { addEvent, emptyTrace, eventsBefore, hasEnded, isOfRun, type JobTrace } from './job-trace'

interface Followed {
  /** Changed in place and triggered once per animation frame. */
  readonly trace: Readonly<ShallowRef<JobTrace>>
  readonly failure: Readonly<ShallowRef<HydraError | null>>
}

/** What is followed: a run, with the job that carries it now, or a job alone. */
interface Subject {
  readonly run: string | null
  readonly job: Pick<JobRecord, 'id' | 'createdAt'> | null
}

/**
 * All that a run has said, whatever jobs carried it: what its folder keeps from before the job that carries it now, then that
 * job, live. Of a job alone: that job from its beginning.
 */
export function useTrace(subject: () => Subject): Followed {
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
  /** The trace is replaced as a whole, so that nothing is empty in between. */
  function begin(events: readonly JobEvent[]): void {
    queue = []
    const whole = emptyTrace()
    for (const event of events) addEvent(whole, event)
    trace.value = whole
  }

  watch(
    [() => subject().run, () => subject().job?.id ?? null],
    ([run, job], [before], onCleanup) => {
      const controller = new AbortController()
      onCleanup(() => controller.abort())
      failure.value = null
      if (run === null || run !== before) begin([])
      const since = job === null ? Number.POSITIVE_INFINITY : Date.parse(subject().job!.createdAt)
      let past: JobEvent[] = []
      let ended = false
      follow({
        connection,
        signal: controller.signal,
        async open(signal): Promise<AsyncIterable<JobEvent>> {
          past = run === null ? [] : eventsBefore(await client.runs.events({ id: run }, { signal }), since)
          return job === null ? nothing() : client.jobs.watch({ id: job }, { signal })
        },
        begin() {
          ended = job === null
          begin(past)
        },
        event(event) {
          if (event.type === 'state') ended = hasEnded(event.state)
          if (run !== null && !isOfRun(event, run)) return
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

async function* nothing(): AsyncGenerator<never> {}
