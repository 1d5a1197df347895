import { z } from 'zod'
import { trainRequestSchema } from '../../../shared/schemas/run'
import { defineOperation } from '../operation'
import { plannedConfiguration } from './planned-configuration'
import { readStepTimes } from './step-times'

/** What was measured on this machine of the configuration that a request would train; null: nothing. */
export const knownStepTimes = defineOperation({
  name: 'known-step-times',
  input: z.strictObject({ request: trainRequestSchema, app: z.string() }),
  output: z
    .strictObject({ words: z.string(), at: z.string(), times: z.record(z.string(), z.number()) })
    .nullable(),
  session: true,
  async run({ request, app }, context) {
    const planned = await plannedConfiguration(request, context)
    return planned && readStepTimes(context.workspace, app, planned.configuration)
  },
})

declare module '../operation' {
  interface Operations {
    'known-step-times': typeof knownStepTimes
  }
}
