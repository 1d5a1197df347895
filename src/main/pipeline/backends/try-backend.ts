import { z } from 'zod'
import { backendRefusalSchema } from '../../../shared/schemas/system'
import { backendRefusal } from '../../engine/training/choose-backend'
import { defineOperation } from '../operation'

/** Loads one training backend and checks it; in a process of its own, which it may end. */
export const tryBackend = defineOperation({
  name: 'try-backend',
  input: z.strictObject({ backend: z.string() }),
  output: z.strictObject({ refusal: backendRefusalSchema.nullable() }),
  session: false,
  async run({ backend }) {
    return { refusal: await backendRefusal(backend) }
  },
})

declare module '../operation' {
  interface Operations {
    'try-backend': typeof tryBackend
  }
}
