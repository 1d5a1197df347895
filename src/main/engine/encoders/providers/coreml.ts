import { z } from 'zod'
import { defineProvider } from './provider'

const options = z.strictObject({})

export const coreml = defineProvider<typeof options>({
  name: 'coreml',
  title: 'Core ML',
  summary: 'Graphics and neural units of a Mac.',
  citation: 'Microsoft, ONNX Runtime: execution providers, documentation',
  options,
  runtime: 'coreml',
  precedence: 3,
  weights: ['fp16', 'fp32', 'int8'],
  command: null,
})
