import { z } from 'zod'
import { defineProvider } from './provider'

const options = z.strictObject({})

export const webgpu = defineProvider<typeof options>({
  name: 'webgpu',
  title: 'WebGPU',
  summary:
    'Any graphics card through Vulkan, Metal or Direct3D 12, with nothing of its vendor to install. Debian and Ubuntu need libvulkan1.',
  citation: 'W3C, WebGPU, Candidate Recommendation, 2024; Dawn, its implementation in Chromium',
  options,
  runtime: 'webgpu',
  precedence: 4,
  weights: ['fp16', 'fp32', 'int8'],
  command: null,
})
