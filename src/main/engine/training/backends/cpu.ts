import { z } from 'zod'
import { defineBackend } from './backend'
import { useBackend } from './use-backend'

const options = z.strictObject({})

export const cpu = defineBackend<typeof options>({
  name: 'cpu',
  title: 'Plain JavaScript',
  summary: 'Runs everywhere, slowly: to compare with.',
  citation: 'Smilkov et al., TensorFlow.js: machine learning for the web and beyond, MLSys 2019',
  options,
  precedence: 5,
  from: null,
  async create() {
    await useBackend('cpu')
    return { device: null }
  },
})
