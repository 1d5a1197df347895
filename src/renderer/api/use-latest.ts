import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue'
import type { HydraError } from '../../shared/errors'
import { useConnection } from './client'
import { isAbort, toFailure } from './to-failure'

/** Keys that come closer together than this are asked for once, ms. */
const PAUSE = 30

export interface Latest<Result> {
  readonly result: Readonly<ShallowRef<Result | null>>
  readonly failure: Readonly<ShallowRef<HydraError | null>>
  /** What is shown answers an earlier request. */
  readonly stale: Readonly<ShallowRef<boolean>>
}

/**
 * Answers to a request that changes with every key. One call is under way at a time, so that the engine never works off a
 * queue of texts nobody wants any more; when it ends, the latest request is asked next. `null`: nothing to ask.
 */
export function useLatest<Request, Result>(
  request: () => Request | null,
  ask: (request: Request, signal: AbortSignal) => Promise<Result>,
): Latest<Result> {
  const connection = useConnection()
  const result = shallowRef<Result | null>(null)
  const failure = shallowRef<HydraError | null>(null)
  const stale = shallowRef(false)
  const controller = new AbortController()
  let underWay = false
  /** Rises with each change: an answer is current when none came after it was asked. */
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function next(): Promise<void> {
    const what = request()
    if (underWay || what === null) return
    underWay = true
    const asked = turn
    try {
      const answer = await ask(what, controller.signal)
      if (request() === null) return
      result.value = answer
      failure.value = null
    } catch (error) {
      if (controller.signal.aborted || isAbort(error)) return
      if (asked === turn) failure.value = toFailure(error)
    } finally {
      underWay = false
      if (asked === turn) stale.value = false
      else void next()
    }
  }

  watch(
    () => JSON.stringify(request()),
    (now) => {
      turn++
      clearTimeout(timer)
      if (now === 'null') {
        result.value = null
        failure.value = null
        stale.value = false
        return
      }
      stale.value = true
      timer = setTimeout(next, result.value === null ? 0 : PAUSE)
    },
    { immediate: true },
  )
  watch(connection.epoch, () => {
    if (failure.value) void next()
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    controller.abort()
  })
  return { result, failure, stale }
}
