import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue'
import type { HydraError } from '../../shared/errors'
import type { SearchRequest, SearchResult } from '../../shared/search'
import { useClient, useConnection } from '../api/client'
import { isAbort, toFailure } from '../api/to-failure'

/** Typing faster than this asks once. */
const DEBOUNCE = 150

export interface LiveSearch {
  readonly result: Readonly<ShallowRef<SearchResult | null>>
  readonly failure: Readonly<ShallowRef<HydraError | null>>
  /** The result answers an earlier request. */
  readonly stale: Readonly<ShallowRef<boolean>>
}

/** Searches as the request changes; a newer request overtakes an older one, whose answer is then dropped. */
export function useSearch(request: () => SearchRequest | null): LiveSearch {
  const client = useClient()
  const connection = useConnection()
  const result = shallowRef<SearchResult | null>(null)
  const failure = shallowRef<HydraError | null>(null)
  const stale = shallowRef(false)
  let controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(what: SearchRequest): Promise<void> {
    controller.abort()
    controller = new AbortController()
    const { signal } = controller
    try {
      const answer = await client.search.query(what, { signal })
      if (signal.aborted) return
      result.value = answer
      failure.value = null
      stale.value = false
    } catch (error) {
      if (signal.aborted || isAbort(error)) return
      failure.value = toFailure(error)
      stale.value = false
    }
  }

  watch(
    () => JSON.stringify(request()),
    () => {
      clearTimeout(timer)
      const what = request()
      if (!what) {
        controller.abort()
        result.value = null
        failure.value = null
        stale.value = false
        return
      }
      stale.value = result.value !== null
      // The first search of a page has nothing to wait for: nobody is typing.
      if (result.value === null && failure.value === null) void ask(what)
      else timer = setTimeout(() => ask(what), DEBOUNCE)
    },
    { immediate: true },
  )
  watch(connection.epoch, () => {
    const what = request()
    if (failure.value && what) void ask(what)
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    controller.abort()
  })
  return { result, failure, stale }
}
