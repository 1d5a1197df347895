import * as tf from '@tensorflow/tfjs'

/** What the wasm backend of TensorFlow.js 4.22 lends its kernels. */
export interface WasmMemory {
  /** A tensor of its own, whose values are whatever lay there. */
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo
  /** Where a tensor lies now: good until the memory grows, which the next tensor may ask for. */
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array
  readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory } }
}

/** A tensor's values, to be read before another tensor is made: where they lie, if in the memory of wasm. */
export function valuesNow(tensor: tf.Tensor): Float32Array {
  return wasmMemory()?.typedArrayFromHeap(tensor) ?? (tensor.dataSync() as Float32Array)
}

/** Of the wasm backend, where it is TensorFlow.js's own; null on any other. */
export function wasmMemory(): WasmMemory | null {
  return tf.getBackend() === 'wasm' ? (tf.backend() as unknown as WasmMemory) : null
}
