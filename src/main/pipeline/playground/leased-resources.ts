import { cancelled } from '../../../shared/errors'
import { memoisedPromises } from '../memoised-promises'
import type { OperationContext } from '../operation'

/** A request that holds what it opened, known by its signal: told of the progress of what it waits for. */
type Holder = Pick<OperationContext, 'signal' | 'emit'>

/** Things that are opened by name, held by whoever uses them, and closed when they are evicted and nobody holds them. */
export interface LeasedResources<Value> {
  /**
   * Opened or cached; the holder has it until `release`. Who waits while another request opens it shares that opening; who
   * is cancelled stops waiting.
   * @param open stops when its signal fires: when nobody has waited for it for some time
   */
  lease(holder: Holder, name: string, open: (opening: Holder) => Promise<Value>): Promise<Value>
  release(holder: Pick<Holder, 'signal'>): void
}

/** What nobody waits for any more goes on for so long: the next key typed may want it again. */
const LINGER_MS = 2000

/**
 * A cache of `most` resources that need closing. Requests run side by side, so an evicted one may be in use: it is closed when
 * the last request that holds it ends. Until then there are more than `most` of them.
 */
export function leasedResources<Value>(
  most: number,
  close: (value: Value) => unknown,
  { lingerMs = LINGER_MS } = {},
): LeasedResources<Value> {
  const holders = new Map<Promise<Value>, Set<AbortSignal>>()
  const evicted = new Set<Promise<Value>>()
  const openings = new Map<Promise<Value>, ReturnType<typeof sharedOpening>>()

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

  function begin(name: string, open: (opening: Holder) => Promise<Value>): Promise<Value> {
    const opening = sharedOpening(lingerMs, () => memoised.forget(name, resource))
    const resource = open(opening.holder)
    openings.set(resource, opening)
    const settled = () => {
      opening.end()
      openings.delete(resource)
    }
    resource.then(settled, settled)
    return resource
  }

  function release({ signal }: Pick<Holder, 'signal'>): void {
    for (const [resource, all] of holders) {
      if (!all.delete(signal)) continue
      openings.get(resource)?.leave(signal)
      if (all.size > 0) continue
      holders.delete(resource)
      closeUnheld(resource)
    }
  }

  return {
    lease(holder, name, open) {
      const resource = memoised(name, () => begin(name, open))
      const all = holders.get(resource) ?? new Set()
      holders.set(resource, all.add(holder.signal))
      const opening = openings.get(resource)
      if (!opening) return resource
      opening.join(holder)
      return Promise.race([resource, cancellation(holder.signal)])
    },
    release,
  }
}

/** One opening for all who wait for it. */
function sharedOpening(lingerMs: number, abandoned: () => void) {
  const controller = new AbortController()
  const waiting = new Map<AbortSignal, Holder>()
  let timer: NodeJS.Timeout | undefined
  return {
    holder: {
      signal: controller.signal,
      emit(event) {
        for (const { emit } of waiting.values()) emit(event)
      },
    } satisfies Holder,
    join(holder: Holder): void {
      clearTimeout(timer)
      waiting.set(holder.signal, holder)
    },
    leave(signal: AbortSignal): void {
      if (!waiting.delete(signal) || waiting.size > 0) return
      timer = setTimeout(() => {
        abandoned()
        controller.abort()
      }, lingerMs)
    },
    end: () => clearTimeout(timer),
  }
}

function cancellation(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(cancelled())
    else signal.addEventListener('abort', () => reject(cancelled()), { once: true })
  })
}
