import { textSearchRequestSchema, textSearchSchema } from '../../../shared/schemas/browsing'
import { findTexts } from '../../engine/datasets/browsing/find-texts'
import { textQuery } from '../../engine/datasets/browsing/text-query'
import { defineOperation } from '../operation'
import { datasetLines, textRow } from './dataset-lines'

/** How long one answer looks, ms: first hits come within it, and other requests are not kept waiting. */
const A_MOMENT = 200

/** Documents or queries that say some words, as far as a moment reaches. */
export const datasetSearch = defineOperation({
  name: 'dataset-search',
  input: textSearchRequestSchema,
  output: textSearchSchema,
  session: true,
  async run({ id, of, text, from }, context) {
    const dataset = await datasetLines(id, context)
    const index = await dataset.lines(of)
    const query = textQuery(text)
    const { signal } = context
    const { hits, next } = await findTexts({ index, query, from, milliseconds: A_MOMENT, signal })
    return { hits: hits.map(textRow), next, total: index.lines }
  },
})

declare module '../operation' {
  interface Operations {
    'dataset-search': typeof datasetSearch
  }
}
