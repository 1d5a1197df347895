import { useOnnxProducts } from './onnx-products'
import { shareClones } from './share-clones'

/** The backend `wasm`, with the kernels that it has here, to be chosen. */
export async function loadWasm(): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm')
  useOnnxProducts()
  shareClones()
}
