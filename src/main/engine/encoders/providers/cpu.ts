import { z } from 'zod'
import { defineProvider } from './provider'

const options = z.strictObject({})

export const cpu = defineProvider<typeof options>({
  name: 'cpu',
  title: 'Processor',
  summary:
    'Comes with the workbench: one thread a process, where vectors are the same on every machine of a kind.',
  citation: 'Microsoft, ONNX Runtime: execution providers, documentation',
  options,
  runtime: 'cpu',
  precedence: 5,
  weights: ['int8', 'fp32', 'fp16'],
  command: null,
})
