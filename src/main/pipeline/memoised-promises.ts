import { LRUCache } from 'lru-cache'

export interface MemoisedPromises<Value> {
  /** What was opened by this name, or else opens it. */
  (name: string, open: () => Promise<Value>): Promise<Value>
  /** Drops this one: the next request opens anew. */
  forget(name: string, opened: Promise<Value>): void
}

/**
 * The `most` promises that were asked for last, by name. One that fails is dropped: the next request tries again.
 * @param dropped told of each that goes, evicted or failed
 */
export function memoisedPromises<Value>(
  most: number,
  dropped?: (promise: Promise<Value>) => void,
): MemoisedPromises<Value> {
  const cache = new LRUCache<string, Promise<Value>>({ max: most, dispose: dropped })
  function forget(name: string, opened: Promise<Value>): void {
    // It may have been evicted, and the name opened anew.
    if (cache.peek(name) === opened) cache.delete(name)
  }
  function memoised(name: string, open: () => Promise<Value>): Promise<Value> {
    const known = cache.get(name)
    if (known) return known
    const opened = open()
    cache.set(name, opened)
    opened.catch(() => forget(name, opened))
    return opened
  }
  return Object.assign(memoised, { forget })
}
