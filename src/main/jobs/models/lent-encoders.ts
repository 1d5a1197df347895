import type { Encoder } from '../../engine/encoders/encoder'
import { Parked } from '../processes/parked'
import { type EncoderPoolOptions, openEncoderPool } from './encoder-pool'

const parked = new Parked<Encoder>((pool) => pool.dispose())

/**
 * A pool of encoders that is given back with `dispose` and waits a moment for the next who wants the same: an operation opens
 * one where the last has just put it away, and a process takes half a second to load a model.
 */
export async function lendEncoder(options: Omit<EncoderPoolOptions, 'signal'>): Promise<Encoder> {
  const key = JSON.stringify(options)
  const pool = parked.take(key) ?? (await openEncoderPool(options))
  let returned = false
  return {
    ...pool,
    async dispose() {
      if (returned) return
      returned = true
      parked.park(pool, key)
    },
  }
}
