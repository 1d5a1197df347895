import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue'
import type { HydraError } from '../../shared/errors'
import { useConnection } from './client'
import { isAbort, toFailure } from './to-failure'

/** Waiting shorter than this shows nothing: a skeleton that flashes is worse than none. */
const SLOW_AFTER = 300

export interface Loaded<Value> {
  readonly data: Readonly<ShallowRef<Value | null>>
  readonly failure: Readonly<ShallowRef<HydraError | null>>
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
  const slow = shallowRef(false)
  let controller = new AbortController()

  async function run(value: Key | null, fresh: boolean): Promise<void> {
    controller.abort()
    controller = new AbortController()
    const { signal } = controller
    failure.value = null
    slow.value = false
    if (fresh) data.value = null
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
      if (!signal.aborted) slow.value = false
    }
  }

  watch(key, (value, before) => run(value, JSON.stringify(value) !== JSON.stringify(before)), {
    immediate: true,
  })
  watch(connection.epoch, () => {
    if (failure.value) void run(key(), false)
  })
  onScopeDispose(() => controller.abort())
  return { data, failure, slow, reload: () => void run(key(), false) }
}
