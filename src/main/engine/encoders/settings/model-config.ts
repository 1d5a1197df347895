import { z } from 'zod'

const size = z.number().int().positive()
/** config.json: of transformers, of model2vec. */
export const configSchema = z.object({
  model_type: z.string().optional(),
  architectures: z.array(z.string()).nullish(),
  hidden_size: size.optional(),
  /** DistilBERT, T5 and BART, GPT-2 and nomic-bert, XLM call it so. */
  dim: size.optional(),
  d_model: size.optional(),
  n_embd: size.optional(),
  emb_dim: size.optional(),
  max_position_embeddings: size.optional(),
  /** GPT-2 and nomic-bert call it so; T5 has the field, and no limit. */
  n_positions: size.optional(),
  matryoshka_dimensions: z.array(size).optional(),
  /** Of model2vec. To transformers it is the length of what a model writes. */
  max_length: size.nullish(),
})
export type Config = z.infer<typeof configSchema>
