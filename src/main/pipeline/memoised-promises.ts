import { LRUCache } from 'lru-cache'

/** What was opened by this name, or else opens it. */
export type MemoisedPromises<Value> = (name: string, open: () => Promise<Value>) => Promise<Value>

/**
 * The `most` promises that were asked for last, by name. One that fails is dropped: the next request tries again.
 * @param dropped told of each that goes, evicted or failed
 */
export function memoisedPromises<Value>(
  most: number,
  dropped?: (promise: Promise<Value>) => void,
): MemoisedPromises<Value> {
  const cache = new LRUCache<string, Promise<Value>>({ max: most, dispose: dropped })
  return (name, open) => {
    const known = cache.get(name)
    if (known) return known
    const opened = open()
    cache.set(name, opened)
    opened.catch(() => {
      // It may have been evicted, and the name opened anew, before it failed.
      if (cache.peek(name) === opened) cache.delete(name)
    })
    return opened
  }
}
