import { onScopeDispose, shallowRef, watch } from 'vue'
import type { HydraError } from '../../shared/errors'
import type { TextKind, TextRow } from '../../shared/schemas/browsing'
import { useClient } from '../api/client'
import { isAbort, toFailure } from '../api/to-failure'

/** More hits than this are not read one by one: another word finds fewer. */
const MOST_HITS = 1000
/** Keys that come closer together than this are asked for once, ms. */
const PAUSE = 200

/** Texts that say some words: hits appear while the rest is still looked through, until it is stopped or there are enough. */
export function useTextSearch(
  asked: () => { readonly id: string; readonly of: TextKind; readonly text: string },
) {
  const client = useClient()
  const hits = shallowRef<readonly TextRow[]>([])
  /** How far it has looked, of how many; null where nothing is looked for. */
  const seen = shallowRef<{ done: number; total: number } | null>(null)
  const running = shallowRef(false)
  const failure = shallowRef<HydraError | null>(null)
  let controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined

  function stop(): void {
    clearTimeout(timer)
    controller.abort()
    running.value = false
  }

  async function look(): Promise<void> {
    controller = new AbortController()
    const { signal } = controller
    const request = asked()
    running.value = true
    try {
      for (let from: number | null = 0; from !== null && hits.value.length < MOST_HITS; ) {
        const found: Awaited<ReturnType<typeof client.datasets.search>> = await client.datasets.search(
          { ...request, from },
          { signal },
        )
        if (signal.aborted) return
        if (found.hits.length > 0) hits.value = [...hits.value, ...found.hits]
        seen.value = { done: found.next ?? found.total, total: found.total }
        from = found.next
      }
      running.value = false
    } catch (error) {
      if (signal.aborted || isAbort(error)) return
      running.value = false
      failure.value = toFailure(error)
    }
  }

  watch(
    () => JSON.stringify(asked()),
    () => {
      stop()
      hits.value = []
      seen.value = null
      failure.value = null
      if (!asked().text.trim()) return
      running.value = true
      timer = setTimeout(look, PAUSE)
    },
    { immediate: true },
  )
  onScopeDispose(stop)
  return { hits, seen, running, failure, stop }
}
