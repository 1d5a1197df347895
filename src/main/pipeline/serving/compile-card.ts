import { z } from 'zod'
import { compiledCardSchema, compileSpecSchema } from '../../../shared/serving/api-schemas'
import { defineOperation } from '../operation'
import { compiledHeads } from './compiled-heads'

/** A card into its head for a service: certified against the network, and kept for the texts that come through it. */
export const compileCard = defineOperation({
  name: 'compile-card',
  input: z.strictObject({ run: z.string(), spec: compileSpecSchema }),
  output: compiledCardSchema,
  session: true,
  async run({ run, spec }, context) {
    const { about, cached } = await compiledHeads(run, spec, context)
    return { ...about, cached }
  },
})

declare module '../operation' {
  interface Operations {
    'compile-card': typeof compileCard
  }
}
