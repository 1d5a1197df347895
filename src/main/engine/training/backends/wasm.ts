import { z } from 'zod'
import { defineBackend } from './backend'
import { loadWasm } from './load-wasm'
import { useBackend } from './use-backend'

const options = z.strictObject({})

export const wasm = defineBackend<typeof options>({
  name: 'wasm',
  title: 'WebAssembly with SIMD',
  summary:
    'Matrix products by ONNX Runtime. Comes with the workbench and needs nothing: what a fresh clone trains on.',
  citation: 'Smilkov et al., TensorFlow.js: machine learning for the web and beyond, MLSys 2019',
  options,
  precedence: 4,
  from: null,
  async create() {
    await loadWasm()
    await useBackend('wasm')
    return { device: null }
  },
})
