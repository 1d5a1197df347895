import { z } from 'zod'
import { defineProvider } from './provider'

const options = z.strictObject({})

export const cuda = defineProvider<typeof options>({
  name: 'cuda',
  title: 'CUDA',
  summary: 'An NVIDIA card on Linux, with CUDA 12 and cuDNN 9 installed beside it.',
  citation: 'Microsoft, ONNX Runtime: execution providers, documentation',
  options,
  runtime: 'cuda',
  precedence: 1,
  weights: ['fp16', 'fp32', 'int8'],
  command: 'npm rebuild onnxruntime-node --ignore-scripts=false --onnxruntime-node-install=cuda12',
})
