import { computed, shallowRef, triggerRef, watch } from 'vue'
import type { HydraError } from '../../../shared/errors'
import type { ComparedQuery, QueryComparison } from '../../../shared/schemas/query-comparison'
import { useClient } from '../../api/client'
import { isAbort, toFailure } from '../../api/to-failure'

export type QueriesAsked = Omit<
  Parameters<ReturnType<typeof useClient>['reporting']['queries']>[0],
  'from' | 'most'
>

/** Rows of one request: several screens of them. */
const PAGE = 100

/**
 * The queries of a comparison, of which only those in view have travelled. What is in view is asked for as the view moves; another
 * question begins anew, and the answer before stands until the next one is there.
 */
export function useQueryWindow(asked: () => QueriesAsked | null) {
  const client = useClient()
  const comparison = shallowRef<QueryComparison | null>(null)
  const failure = shallowRef<HydraError | null>(null)
  const busy = shallowRef(false)
  const pages = shallowRef(new Map<number, readonly ComparedQuery[]>())
  let controller = new AbortController()
  const pending = new Set<number>()

  watch(
    () => JSON.stringify(asked()),
    async () => {
      controller.abort()
      controller = new AbortController()
      pending.clear()
      failure.value = null
      const question = asked()
      if (!question) {
        comparison.value = null
        return
      }
      const { signal } = controller
      busy.value = true
      try {
        const first = await client.reporting.queries({ ...question, from: 0, most: PAGE }, { signal })
        if (signal.aborted) return
        pages.value = new Map([[0, first.queries]])
        comparison.value = first
      } catch (error) {
        if (signal.aborted || isAbort(error)) return
        comparison.value = null
        failure.value = toFailure(error)
      } finally {
        if (!signal.aborted) busy.value = false
      }
    },
    { immediate: true },
  )

  async function load(page: number): Promise<void> {
    const question = asked()
    if (!question || pages.value.has(page) || pending.has(page)) return
    const { signal } = controller
    pending.add(page)
    try {
      const { queries } = await client.reporting.queries(
        { ...question, from: page * PAGE, most: PAGE },
        { signal },
      )
      if (signal.aborted) return
      pages.value.set(page, queries)
      triggerRef(pages)
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) failure.value = toFailure(error)
    } finally {
      pending.delete(page)
    }
  }

  return {
    comparison,
    failure,
    busy,
    /** A place for each query; null until it has come. */
    rows: computed<readonly (ComparedQuery | null)[]>(() => {
      const rows = new Array<ComparedQuery | null>(comparison.value?.n ?? 0).fill(null)
      for (const [page, queries] of pages.value)
        queries.forEach((query, i) => {
          if (page * PAGE + i < rows.length) rows[page * PAGE + i] = query
        })
      return rows
    }),
    /** Asks for the rows between these places, and tells when they are there. */
    async need(first: number, last: number): Promise<void> {
      const [from, to] = [Math.floor(Math.max(0, first) / PAGE), Math.floor(Math.max(0, last) / PAGE)]
      await Promise.all(Array.from({ length: to - from + 1 }, (_, i) => load(from + i)))
    },
  }
}
