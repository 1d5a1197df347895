import * as tf from '@tensorflow/tfjs'

/** The wasm backend lends its kernels views of its memory; no other backend has this. */
interface WithHeap {
  typedArrayFromHeap?(tensor: tf.TensorInfo): Float32Array
}

export interface HeldTensors {
  /** Values of float32 tensors, valid until the next call. Call inside tf.tidy: keeps what it has to from being disposed. */
  read(tensors: readonly tf.Tensor[]): Float32Array[]
  release(): void
}

/**
 * Reads large tensors where they are. A copy of every gradient of every step is 4 MB of new memory, zeroed by the kernel
 * and collected again: a tenth of a training's time on the wasm backend.
 */
export function heldTensors(): HeldTensors {
  let held: readonly tf.Tensor[] = []
  function release(): void {
    tf.dispose(held as tf.Tensor[])
    held = []
  }
  return {
    read(tensors) {
      release()
      const backend = tf.backend() as WithHeap
      if (backend.typedArrayFromHeap) held = tensors.map((tensor) => tf.keep(tensor))
      const seen: Float32Array[] = []
      return tensors.map((tensor) => {
        const values = backend.typedArrayFromHeap?.(tensor) ?? (tensor.dataSync() as Float32Array)
        // Terms of a sum share one gradient; each of its readers may scale its own.
        const shared = seen.some(
          ({ buffer, byteOffset }) => buffer === values.buffer && byteOffset === values.byteOffset,
        )
        seen.push(values)
        return shared ? values.slice() : values
      })
    },
    release,
  }
}
