import type { Encoder } from '../../engine/encoders/encoder'
import { type EncoderPoolOptions, openEncoderPool } from './encoder-pool'

/** Long enough for the next operation of this process, short enough that nobody misses the memory. */
const PARKED_MS = 2000

const parked = new Map<Encoder, { readonly key: string; readonly timer: NodeJS.Timeout }>()

/**
 * A pool of encoders that is given back with `dispose` and waits a moment for the next who wants the same: an operation opens
 * one where the last has just put it away, and a process takes half a second to load a model.
 */
export async function lendEncoder(options: Omit<EncoderPoolOptions, 'signal'>): Promise<Encoder> {
  const key = JSON.stringify(options)
  const pool = takeParked(key) ?? (await openEncoderPool(options))
  let returned = false
  return {
    ...pool,
    async dispose() {
      if (returned) return
      returned = true
      const timer = setTimeout(() => {
        parked.delete(pool)
        void pool.dispose()
      }, PARKED_MS)
      timer.unref()
      parked.set(pool, { key, timer })
    },
  }
}

function takeParked(key: string): Encoder | undefined {
  for (const [pool, one] of parked) {
    if (one.key !== key) continue
    clearTimeout(one.timer)
    parked.delete(pool)
    return pool
  }
  return undefined
}
