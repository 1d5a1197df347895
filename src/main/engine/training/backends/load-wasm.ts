import { useOnnxProducts } from './onnx-products'
import { shareClones } from './share-clones'

/** TensorFlow.js's registry of kernels is one for the process. */
let loaded = false

/** The backend `wasm`, with the kernels that it has here, to be chosen. */
export async function loadWasm(): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm')
  if (loaded) return
  loaded = true
  useOnnxProducts()
  shareClones()
}
