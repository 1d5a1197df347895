import { z } from 'zod'
import { defineProvider } from './provider'

const options = z.strictObject({})

export const directml = defineProvider<typeof options>({
  name: 'directml',
  title: 'DirectML',
  summary: 'Any graphics card on Windows, through Direct3D 12.',
  citation: 'Microsoft, ONNX Runtime: execution providers, documentation',
  options,
  runtime: 'dml',
  precedence: 2,
  weights: ['fp16', 'fp32', 'int8'],
  command: null,
})
