import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue'
import type { HydraError } from '../../shared/errors'
import { useConnection } from './client'
import { isAbort, toFailure } from './to-failure'

/** Keys that come closer together than this are asked for once, ms. */
const PAUSE = 30

export interface Latest<Request, Result> {
  readonly result: Readonly<ShallowRef<Result | null>>
  /** The request that `result` answers. */
  readonly answered: Readonly<ShallowRef<Request | null>>
  readonly failure: Readonly<ShallowRef<HydraError | null>>
  /** What is shown answers an earlier request. */
  readonly stale: Readonly<ShallowRef<boolean>>
  /** The call was given up; what was asked may be asked again, and is when the request changes. */
  readonly stopped: Readonly<ShallowRef<boolean>>
  stop(): void
  again(): void
}

/**
 * Answers to a request that changes with every key. One call is under way at a time, so that the engine never works off a
 * queue of texts nobody wants any more; when it ends, the latest request is asked next. `null`: nothing to ask.
 */
export function useLatest<Request, Result>(
  request: () => Request | null,
  ask: (request: Request, signal: AbortSignal) => Promise<Result>,
  /** Whether a call that is under way is given up for what is wanted now, rather than awaited. */
  outdated: (asked: Request, wanted: Request) => boolean = () => false,
): Latest<Request, Result> {
  const connection = useConnection()
  const result = shallowRef<Result | null>(null)
  const answered = shallowRef<Request | null>(null)
  const failure = shallowRef<HydraError | null>(null)
  const stale = shallowRef(false)
  const stopped = shallowRef(false)
  let controller = new AbortController()
  let underWay: Request | null = null
  /** Rises with each change: an answer is current when none came after it was asked. */
  let turn = 0
  let disposed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function next(): Promise<void> {
    const what = request()
    if (underWay !== null || what === null) return
    underWay = what
    const asked = turn
    controller = new AbortController()
    const { signal } = controller
    try {
      const answer = await ask(what, signal)
      if (request() === null) return
      result.value = answer
      answered.value = what
      failure.value = null
    } catch (error) {
      if (signal.aborted || isAbort(error)) return
      if (asked === turn) failure.value = toFailure(error)
    } finally {
      underWay = null
      if (asked === turn) stale.value = false
      else if (!disposed) void next()
    }
  }

  watch(
    () => JSON.stringify(request()),
    (now) => {
      turn++
      clearTimeout(timer)
      if (now === 'null') {
        result.value = null
        answered.value = null
        failure.value = null
        stale.value = false
        return
      }
      stale.value = true
      stopped.value = false
      if (underWay !== null && outdated(underWay, JSON.parse(now))) controller.abort()
      timer = setTimeout(next, result.value === null ? 0 : PAUSE)
    },
    { immediate: true },
  )
  watch(connection.epoch, () => {
    if (failure.value) void next()
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    disposed = true
    controller.abort()
  })
  function stop(): void {
    clearTimeout(timer)
    stopped.value = true
    controller.abort()
  }
  function again(): void {
    stopped.value = false
    stale.value = true
    void next()
  }
  return { result, answered, failure, stale, stopped, stop, again }
}
