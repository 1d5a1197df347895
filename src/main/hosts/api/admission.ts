import { HydraError } from '../../../shared/errors'

/** How much of a new duration goes into the mean. */
const WEIGHT = 0.1

/** Requests that are being answered, never more than were agreed. */
export interface Admission {
  /**
   * A place for a request with so many bytes of body.
   * @returns what gives it back  @throws OVERLOADED where there is none
   */
  enter(bytes: number): () => void
  readonly requests: number
  /** Whole seconds after which it is worth trying again: as long as requests took lately. */
  readonly retrySeconds: number
}

/** Bounded by number and by bytes, so that what waits has a largest size; nothing of a refused request is read. */
export function openAdmission(bounds: {
  readonly requests: number
  readonly bytes: number
  readonly clock?: () => number
}): Admission {
  const { clock = () => performance.now() } = bounds
  let requests = 0
  let bytes = 0
  let meanMs = 0
  return {
    enter(own) {
      // One alone is let in whatever its size: a body has a bound of its own.
      if (requests >= bounds.requests || (requests > 0 && bytes + own > bounds.bytes)) {
        throw new HydraError('OVERLOADED', {
          expected: `at most ${bounds.requests} requests of ${bounds.bytes} bytes in all at once`,
          got: `one more than ${requests} of ${bytes} bytes`,
          remedy: 'Wait as long as Retry-After says and send it again, or send fewer at once.',
        })
      }
      requests++
      bytes += own
      const begun = clock()
      let left = false
      return () => {
        if (left) return
        left = true
        requests--
        bytes -= own
        meanMs += WEIGHT * (clock() - begun - meanMs)
      }
    },
    get requests() {
      return requests
    },
    get retrySeconds() {
      return Math.max(1, Math.ceil(meanMs / 1000))
    },
  }
}
