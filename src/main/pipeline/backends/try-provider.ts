import { z } from 'zod'
import { backendRefusalSchema } from '../../../shared/schemas/system'
import { openOnProvider } from '../../engine/encoders/provided/open-on-provider'
import { providerRefusal } from '../../engine/encoders/provided/provider-refusal'
import { defineOperation } from '../operation'

/** Opens an encoder on a provider, checks it and measures it; in a process of its own, which it may end. */
export const tryProvider = defineOperation({
  name: 'try-provider',
  input: z.strictObject({
    /** An encoder's name, which says the provider. */
    encoder: z.string(),
  }),
  output: z.strictObject({
    refusal: backendRefusalSchema.nullable(),
    /** Of what was tried; null where it refuses. */
    speed: z
      .strictObject({ textsPerSecond: z.number(), rows: z.number().int(), cosine: z.number() })
      .nullable(),
  }),
  session: false,
  async run({ encoder }, context) {
    const model = await context.resolveEncoder(encoder)
    if (model.kind === 'remote') throw new RangeError('a service runs on no provider of ours')
    try {
      const { encoder: opened, ...speed } = await openOnProvider(model)
      await opened.dispose()
      return { refusal: null, speed }
    } catch (thrown) {
      const { code, message } = providerRefusal(thrown)
      return { refusal: { code, detail: message }, speed: null }
    }
  },
})

declare module '../operation' {
  interface Operations {
    'try-provider': typeof tryProvider
  }
}
