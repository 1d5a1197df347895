import { z } from 'zod'
import { backendFailure } from '../../engine/training/backends'
import { defineOperation } from '../operation'

/** Loads one training backend and checks it; in a process of its own, which it may end. */
export const tryBackend = defineOperation({
  name: 'try-backend',
  input: z.strictObject({ backend: z.string() }),
  output: z.strictObject({ failure: z.string().nullable() }),
  session: false,
  async run({ backend }) {
    return { failure: await backendFailure(backend) }
  },
})

declare module '../operation' {
  interface Operations {
    'try-backend': typeof tryBackend
  }
}
