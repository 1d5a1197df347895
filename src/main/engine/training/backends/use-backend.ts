import * as tf from '@tensorflow/tfjs'

/** Makes a registered backend TensorFlow.js's own. */
export async function useBackend(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`TensorFlow.js refused the backend ${name}`)
  await tf.ready()
}
