import { z } from 'zod'
import type { Spec } from '../../registry/registry'

export const safetensors: Spec = {
  name: 'safetensors',
  title: 'safetensors',
  summary: 'W, b and what else the head has, with their formula in the metadata: for any language.',
  citation: 'Hugging Face, safetensors: simple, safe way to store tensors, 2022',
  options: z.strictObject({}),
}
