import { z } from 'zod'
import { setting } from './setting'

const GROUP = 'generated queries'

/** How queries are written for documents, and which of them are kept (docs/method.md#generated-queries). */
export const generationSchema = z.strictObject({
  model: setting(
    GROUP,
    'The seq2seq or causal model that writes queries: its name in the list of models, or its folder.',
    z.string().min(1).nullable(),
  ),
  perDocument: setting(GROUP, 'Queries that are written of a document.', z.number().int().min(1).max(100)),
  prompt: setting(
    GROUP,
    'What the model is given, {document} in the document’s place; none: the bare document for a seq2seq model, a request for a query for a causal one.',
    z.string().includes('{document}').nullable(),
  ),
  roundTrip: setting(
    GROUP,
    'A query is kept when its document is among the first so many that it finds; none: whatever it finds.',
    z.number().int().min(1).max(1000).nullable(),
  ),
  roundTripBy: setting(
    GROUP,
    'What it finds them with: BM25, or the frozen encoder (dense).',
    z.enum(['bm25', 'dense']),
  ),
  reranker: setting(
    GROUP,
    'A cross-encoder that must score the document above the others that the query finds; none: nobody reads them again.',
    z.string().min(1).nullable(),
  ),
  margin: setting(
    GROUP,
    'By how much at least, on the cross-encoder’s own scale.',
    z.number().min(-1000).max(1000),
  ),
})
export type Generation = z.infer<typeof generationSchema>

export const USUAL_GENERATION: Generation = {
  model: null,
  perDocument: 3,
  prompt: null,
  roundTrip: 10,
  roundTripBy: 'bm25',
  reranker: null,
  margin: 0,
}
