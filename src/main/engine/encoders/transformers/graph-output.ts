import type { GraphSignature } from '../graphs/graph-signature'

/** What a model is read for: vectors, or scores of pairs of texts. */
export type GraphUse = 'encoder' | 'cross-encoder'

/** Vectors of whole texts, as sentence-transformers and its exporters name them. */
export const POOLED = 'sentence_embedding'
/** Scores: of a language model's next token, of a classifier's labels. */
export const LOGITS = 'logits'

/** How outputs are known: the first by its number of dimensions, others by their usual names, the best first. */
const KNOWN: Readonly<Record<GraphUse, { readonly dimensions: number; readonly names: readonly string[] }>> =
  {
    encoder: { dimensions: 3, names: ['last_hidden_state', 'token_embeddings', POOLED] },
    'cross-encoder': { dimensions: 2, names: [LOGITS] },
  }

/** Which output of a graph is read: the first where it may be what is wanted, else the first of a name that says it is. */
export function graphOutput({ outputs }: GraphSignature, use: GraphUse): string {
  const [first] = outputs
  const { dimensions, names } = KNOWN[use]
  const fits = first.shape === null ? first.name !== POOLED : first.shape.length === dimensions
  const named = names.find((name) => outputs.some((one) => one.name === name))
  return fits ? first.name : (named ?? first.name)
}
