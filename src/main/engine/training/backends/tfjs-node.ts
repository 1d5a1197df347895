import { z } from 'zod'
import { defineBackend } from './backend'
import { loadPackage } from './load-package'
import { useBackend } from './use-backend'

const options = z.strictObject({})

export const tfjsNode = defineBackend<typeof options>({
  name: 'tfjs-node',
  title: 'TensorFlow native CPU',
  summary: 'The native library on all cores.',
  citation: 'Abadi et al., TensorFlow: a system for large-scale machine learning, OSDI 2016',
  options,
  precedence: 2,
  from: {
    packages: ['@tensorflow/tfjs-node'],
    command: 'npm install --ignore-scripts=false @tensorflow/tfjs-node@4.22.0',
  },
  async create() {
    loadPackage('@tensorflow/tfjs-node')
    await useBackend('tensorflow')
    return { device: null }
  },
})
