import type { BackendReport, ProviderReport } from '../../src/shared/schemas/system'

const BACKENDS: readonly BackendReport[] = [
  {
    id: 'tfjs-node',
    title: 'TensorFlow native CPU',
    found: false,
    reason: 'not installed',
    refusal: 'not-installed',
    command: 'npm install --ignore-scripts=false @tensorflow/tfjs-node@4.22.0',
    millisecondsPerStep: null,
    chosen: false,
  },
  ...['webgpu', 'wasm', 'cpu'].map((id) => ({
    id,
    title: { webgpu: 'WebGPU', wasm: 'WebAssembly with SIMD' }[id] ?? 'Plain JavaScript',
    found: true,
    reason: `${id === 'webgpu' ? 'installed' : 'embedded'}; loaded and checked`,
    refusal: null,
    command: null,
    millisecondsPerStep: null,
    chosen: false,
  })),
]

/** @param times milliseconds a step; without any the first that works is chosen */
export function backendsWith(times: Readonly<Record<string, number>>): BackendReport[] {
  const [fastest = 'webgpu'] = Object.keys(times).sort((a, b) => times[a] - times[b])
  return BACKENDS.map((one) => ({
    ...one,
    millisecondsPerStep: times[one.id] ?? null,
    chosen: one.id === fastest,
  }))
}

export const PROVIDERS: ProviderReport[] = [
  {
    id: 'cuda',
    title: 'CUDA',
    found: false,
    reason: 'Failed to load shared library',
    refusal: 'no-library',
    command: 'npm rebuild onnxruntime-node --ignore-scripts=false --onnxruntime-node-install=cuda12',
    textsPerSecond: null,
    rows: null,
    cosine: null,
  },
  ...['webgpu', 'cpu'].map((id) => ({
    id,
    title: id === 'cpu' ? 'Processor' : 'WebGPU',
    found: true,
    reason: 'opened and checked on 16 texts',
    refusal: null,
    command: null,
    textsPerSecond: id === 'cpu' ? 212 : 1840,
    rows: id === 'cpu' ? 1 : 32,
    cosine: 0.99998,
  })),
]
