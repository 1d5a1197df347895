import { computed, onScopeDispose, shallowRef, triggerRef, watch } from 'vue'
import type { HydraError } from '../../../shared/errors'
import { isAbort, toFailure } from '../../api/to-failure'

/** Rows that are asked for at once. */
const PAGE = 100
/** Pages that stay: what is further away is asked for again. */
const MOST_PAGES = 40
/** A bar that is dragged passes over thousands of pages: only where it rests is asked for, ms. */
const REST = 60

/**
 * A list of which windows are asked for as they come into view, of a million rows too.
 * @param key what the list depends on: when it changes all is asked anew
 */
export function useRemoteRows<Row>(
  key: () => string,
  load: (from: number, most: number, signal: AbortSignal) => Promise<{ total: number; rows: readonly Row[] }>,
) {
  const pages = shallowRef(new Map<number, readonly Row[]>())
  const total = shallowRef<number | null>(null)
  const failure = shallowRef<HydraError | null>(null)
  let wanted: [first: number, last: number] = [0, 1]
  let controller = new AbortController()
  let underWay = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function missing(): number | null {
    const [first, last] = wanted
    for (let page = Math.floor(first / PAGE); page <= Math.floor(Math.max(first, last - 1) / PAGE); page++)
      if (!pages.value.has(page) && (total.value === null || page * PAGE < total.value)) return page
    return null
  }

  async function next(): Promise<void> {
    const page = missing()
    if (underWay || page === null) return
    underWay = true
    const { signal } = controller
    try {
      const answer = await load(page * PAGE, PAGE, signal)
      if (signal.aborted) return
      total.value = answer.total
      pages.value.set(page, answer.rows)
      if (pages.value.size > MOST_PAGES) pages.value.delete(pages.value.keys().next().value!)
      triggerRef(pages)
      failure.value = null
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) failure.value = toFailure(error)
    } finally {
      if (!signal.aborted) {
        underWay = false
        if (!failure.value) void next()
      }
    }
  }

  watch(
    key,
    () => {
      controller.abort()
      controller = new AbortController()
      underWay = false
      pages.value = new Map()
      total.value = null
      failure.value = null
      wanted = [0, 1]
      void next()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    controller.abort()
  })

  return {
    total: computed(() => total.value),
    failure: computed(() => failure.value),
    /** Undefined while it is asked for. */
    rowAt: (row: number): Row | undefined => pages.value.get(Math.floor(row / PAGE))?.[row % PAGE],
    /** These rows came into view. */
    want(first: number, last: number): void {
      wanted = [first, last]
      clearTimeout(timer)
      timer = setTimeout(next, REST)
    },
  }
}
