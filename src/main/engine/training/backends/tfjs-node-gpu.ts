import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { BackendRefused } from '../../registry/refusal'
import { defineBackend } from './backend'
import { type Device, deviceFull } from './device'
import { loadPackage } from './load-package'
import { useBackend } from './use-backend'

const options = z.strictObject({})

const DESCRIPTION = 'the CUDA device'
/** How TensorFlow says that an allocation failed. */
const MEMORY = /OOM when allocating|RESOURCE_EXHAUSTED|ResourceExhausted|out of memory/i

export const tfjsNodeGpu = defineBackend<typeof options>({
  name: 'tfjs-node-gpu',
  title: 'TensorFlow with CUDA',
  summary:
    'The native library on an NVIDIA card: the fastest for wide networks and documents on the head’s side.',
  citation: 'Abadi et al., TensorFlow: a system for large-scale machine learning, OSDI 2016',
  options,
  precedence: 1,
  from: {
    packages: ['@tensorflow/tfjs-node-gpu'],
    command: 'npm install --ignore-scripts=false @tensorflow/tfjs-node-gpu@4.22.0',
  },
  async create() {
    loadPackage('@tensorflow/tfjs-node-gpu')
    await useBackend('tensorflow')
    // Without a card or its libraries the package runs on the CPU and says so to nobody.
    if (!usesDevice(tf.backend()))
      throw new BackendRefused('no-adapter', 'it runs, but it found no CUDA device')
    return { device: cudaDevice }
  },
})

/** The native backends' own word for it. */
function usesDevice(backend: unknown): boolean {
  return (backend as { readonly isUsingGpuDevice?: unknown }).isUsingGpuDevice === true
}

/** @internal TensorFlow throws where it fails, so what is thrown is all that there is to look at. */
export const cudaDevice: Device = {
  description: DESCRIPTION,
  mostBytes: 2 ** 31,
  async run(work) {
    try {
      return await work()
    } catch (thrown) {
      if (thrown instanceof Error && MEMORY.test(thrown.message))
        throw deviceFull(DESCRIPTION, thrown.message.split('\n')[0])
      throw thrown
    }
  },
}
