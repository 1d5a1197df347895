import * as tf from '@tensorflow/tfjs'
import { loadWasm } from '../backends/load-wasm'
import { useBackend } from '../backends/use-backend'

/** Reads at once and is there everywhere: what a device may not do. */
const HEADS = 'wasm'

/**
 * Heads of cards are made and looked at one after another, each read at once, which is no work for a device, and which some
 * cannot do. Whatever is given is done on another backend; the device's is TensorFlow.js's own again afterwards.
 */
export async function besideDevice(): Promise<<T>(work: () => Promise<T>) => Promise<T>> {
  await loadWasm()
  return async (work) => {
    const own = tf.getBackend()
    await useBackend(HEADS)
    try {
      return await work()
    } finally {
      await useBackend(own)
    }
  }
}
