import { z } from 'zod'
import { trainRequestSchema } from '../../../shared/schemas/run'
import { defineOperation } from '../operation'
import { measureSteps } from './measure-steps'
import { plannedConfiguration } from './planned-configuration'

/** Milliseconds a step of what a request would train, on each of these backends, for who chooses among them. */
export const measureBackends = defineOperation({
  name: 'measure-backends',
  input: z.strictObject({
    request: trainRequestSchema,
    backends: z.array(z.string()),
    /** Version of the workbench. */
    app: z.string(),
  }),
  output: z.strictObject({ times: z.record(z.string(), z.number()) }),
  session: false,
  async run({ request, backends, app }, context) {
    const planned = await plannedConfiguration(request, context)
    return { times: planned ? await measureSteps({ ...planned, app }, backends, context) : {} }
  },
})

declare module '../operation' {
  interface Operations {
    'measure-backends': typeof measureBackends
  }
}
