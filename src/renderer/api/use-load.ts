import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue'
import type { HydraError } from '../../shared/errors'
import { useConnection } from './client'
import { isAbort, toFailure } from './to-failure'

/** Waiting shorter than this shows nothing: a skeleton that flashes is worse than none. */
const SLOW_AFTER = 300

export interface Loaded<Value> {
  readonly data: Readonly<ShallowRef<Value | null>>
  readonly failure: Readonly<ShallowRef<HydraError | null>>
  /** An answer to the present key is there, or a failure: that `data` is null means something. */
  readonly settled: Readonly<ShallowRef<boolean>>
  /** No answer yet, and 300 ms have passed. */
  readonly slow: Readonly<ShallowRef<boolean>>
  reload(): void
}

/**
 * Data that depends on a key: loaded when the key changes, and again when the line comes back after a failure. `null` is
 * no key, nothing to load.
 */
export function useLoad<Key, Value>(
  key: () => Key | null,
  load: (key: Key, signal: AbortSignal) => Promise<Value>,
): Loaded<Value> {
  const connection = useConnection()
  const data = shallowRef<Value | null>(null)
  const failure = shallowRef<HydraError | null>(null)
  const settled = shallowRef(false)
  const slow = shallowRef(false)
  let controller = new AbortController()

  async function run(value: Key | null, fresh: boolean): Promise<void> {
    controller.abort()
    controller = new AbortController()
    const { signal } = controller
    failure.value = null
    slow.value = false
    if (fresh) {
      data.value = null
      settled.value = false
    }
    if (value === null) return
    const timer = setTimeout(() => {
      slow.value = data.value === null
    }, SLOW_AFTER)
    try {
      const loaded = await load(value, signal)
      if (!signal.aborted) data.value = loaded
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) failure.value = toFailure(error)
    } finally {
      clearTimeout(timer)
      if (!signal.aborted) {
        slow.value = false
        settled.value = true
      }
    }
  }

  watch(key, (value, before) => run(value, JSON.stringify(value) !== JSON.stringify(before)), {
    immediate: true,
  })
  watch(connection.epoch, () => {
    if (failure.value) void run(key(), false)
  })
  onScopeDispose(() => controller.abort())
  return { data, failure, settled, slow, reload: () => void run(key(), false) }
}
