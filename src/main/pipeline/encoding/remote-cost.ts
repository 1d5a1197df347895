import { z } from 'zod'
import { remoteCostSchema } from '../../../shared/schemas/model'
import { portionsOf } from '../../engine/datasets/text-list'
import type { Encoder, TextRole } from '../../engine/encoders/encoder'
import { estimateTokens, remoteCost } from '../../engine/encoders/remote/remote-cost'
import type { RemoteModel } from '../../engine/encoders/remote/remote-model'
import { openCollection } from '../datasets/load-run-tasks'
import { defineOperation } from '../operation'
import { ENCODED_AT_ONCE } from './encode-collections'

/**
 * What the documents and queries of collections would take of a service, those in the cache left out; cards and examples are some
 * texts more. null: the encoder is none.
 */
export const collectionsRemoteCost = defineOperation({
  name: 'remote-cost',
  input: z.strictObject({ encoder: z.string(), datasets: z.array(z.string()) }),
  output: remoteCostSchema.nullable(),
  session: true,
  async run({ encoder: id, datasets }, context) {
    const model = await context.resolveEncoder(id)
    if (model.kind !== 'remote') return null
    const count = missingTexts(model, await context.warm.encoder(id, context))
    for (const dataset of datasets) {
      // Which exemplars a card shows is all that a seed decides.
      const { documents, queries } = await openCollection(dataset, 1, context)
      await count.add(documents.texts, 'document')
      await count.add(queries.texts, 'query')
    }
    return count.cost()
  },
})

/** Adds up texts that a service would be asked for. */
export function missingTexts(model: RemoteModel, encoder: Encoder) {
  let texts = 0
  let tokens = 0
  return {
    async add(all: Iterable<string>, role: TextRole): Promise<void> {
      for (const portion of portionsOf(all, ENCODED_AT_ONCE)) {
        const rows = (await encoder.missing?.(portion, role)) ?? portion.map((_, row) => row)
        texts += rows.length
        for (const row of rows) tokens += estimateTokens(model, portion[row], role)
      }
    },
    cost: () => remoteCost(model, texts, tokens),
  }
}

declare module '../operation' {
  interface Operations {
    'remote-cost': typeof collectionsRemoteCost
  }
}
