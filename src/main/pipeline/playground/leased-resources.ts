import { memoisedPromises } from '../memoised-promises'

/** Things that are opened by name, held by whoever uses them, and closed when they are evicted and nobody holds them. */
export interface LeasedResources<Value> {
  /** Opened or cached; the holder has it until `release`. */
  lease(holder: object, name: string, open: () => Promise<Value>): Promise<Value>
  release(holder: object): void
}

/**
 * A cache of `most` resources that need closing. Requests run side by side, so an evicted one may be in use: it is closed when
 * the last request that holds it ends. Until then there are more than `most` of them.
 */
export function leasedResources<Value>(
  most: number,
  close: (value: Value) => unknown,
): LeasedResources<Value> {
  const holders = new Map<Promise<Value>, Set<object>>()
  const evicted = new Set<Promise<Value>>()

  function closeUnheld(resource: Promise<Value>): void {
    if (!evicted.has(resource) || holders.has(resource)) return
    evicted.delete(resource)
    // One that failed to open has nothing to close.
    void resource.then(close, () => undefined)
  }

  const memoised = memoisedPromises<Value>(most, (resource) => {
    evicted.add(resource)
    closeUnheld(resource)
  })
  return {
    lease(holder, name, open) {
      const resource = memoised(name, open)
      const all = holders.get(resource) ?? new Set()
      holders.set(resource, all.add(holder))
      return resource
    },
    release(holder) {
      for (const [resource, all] of holders) {
        if (!all.delete(holder) || all.size > 0) continue
        holders.delete(resource)
        closeUnheld(resource)
      }
    },
  }
}
