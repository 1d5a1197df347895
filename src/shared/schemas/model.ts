import { z } from 'zod'

/** How a service that encodes is asked: OpenAI's `/embeddings`, or text-embeddings-inference's `/embed`. */
const REMOTE_APIS = ['openai', 'tei'] as const

/** What a person says of a service that encodes. A key is never among it, only the name of the variable that holds it. */
export const remoteServiceSchema = z.strictObject({
  api: z.enum(REMOTE_APIS),
  /** What stands before `/embeddings` or `/embed`. */
  url: z.string().min(1),
  /** As the service names it; null: it serves one. */
  model: z.string().min(1).nullable(),
  /** Width that is asked for; null: what the model gives by itself. */
  dimensions: z.number().int().min(1).nullable(),
  /** Sent with texts of each role (`input_type`, `prompt_name`); null: nothing. */
  types: z.strictObject({ query: z.string().nullable(), document: z.string().nullable() }),
  /** Characters of a text that are sent, its beginning; null: all. */
  longest: z.number().int().min(1).nullable(),
  /** The environment variable that holds the key; null: the service asks for none. */
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'the name of an environment variable, and not its value')
    .nullable(),
  /** Of a million tokens, in the currency in which the service is paid; null: not said. */
  price: z.number().min(0).nullable(),
})
export type RemoteService = z.infer<typeof remoteServiceSchema>

/** About what encoding by a service would take. */
export const remoteCostSchema = z.strictObject({
  /** Whose, as people read it. */
  service: z.string(),
  /** Texts whose vectors are not in the cache. */
  texts: z.number().int(),
  /** What a token is only the service's tokenizer knows. */
  tokens: z.number().int(),
  /** In the currency of the price that was stated; null where none was. */
  price: z.number().nullable(),
  /** All of it, for whoever decides. */
  words: z.string(),
})
export type RemoteCost = z.infer<typeof remoteCostSchema>

/** What runs a model's graph on the processor, and, as a clause behind “since”, why it is not ONNX Runtime alone. */
const runnerSchema = z.strictObject({
  by: z.enum(['ONNX Runtime', 'transformers.js']),
  why: z.string().nullable(),
})

/** A model of the workbench or of the workspace, as its own files say it is used. */
export const modelSchema = z.strictObject({
  id: z.string(),
  /** `application`: comes with the workbench, and cannot be removed. */
  origin: z.enum(['application', 'workspace']),
  /** `generator`: writes text. */
  use: z.enum(['encoder', 'cross-encoder', 'generator']),
  folder: z.string(),
  /** Of all its files. */
  bytes: z.number(),
  /** Where it was brought from; null for a folder that a person put there. */
  from: z.string().nullable(),
  /** As the model's own files say it; null where they say nothing. */
  licence: z.string().nullable(),
  /** null: it has no graph here, as a table or a service, or cannot be used. */
  runner: runnerSchema.nullable(),
  /** null where it cannot be used. */
  settings: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.enum(['transformer', 'static']),
        /** What they are stored in. */
        weights: z.enum(['int8', 'fp32', 'fp16', 'bf16', 'fp64']),
        sha256: z.string(),
        dimensions: z.number(),
        maxTokens: z.number(),
        /** `graph`: done before a vector leaves the graph. */
        pooling: z.enum(['mean', 'cls', 'last', 'graph']),
        prefixes: z.strictObject({ query: z.string(), document: z.string() }),
        /** What the model's files do not say: what stands in for it, and the option after `?` in the name that settles it. */
        assumed: z.array(
          z.strictObject({ option: z.enum(['pooling', 'tokens', 'query', 'document']), what: z.string() }),
        ),
      }),
      z.strictObject({
        /** Reads a text and writes another, or goes on from a prompt. */
        kind: z.enum(['seq2seq', 'causal']),
        weights: z.enum(['int8', 'fp32', 'fp16']),
        /** Of its first graph. */
        sha256: z.string(),
      }),
      z.strictObject({
        kind: z.literal('remote'),
        service: remoteServiceSchema,
        /** Over address, model and what it made of the probe texts. */
        sha256: z.string(),
        dimensions: z.number(),
      }),
    ])
    .nullable(),
  /** Why it cannot be used. */
  problem: z.string().nullable(),
})
export type ModelRecord = z.infer<typeof modelSchema>

export const addModelSchema = z.strictObject({
  /**
   * An absolute path of a folder or zip, or ORG/NAME[@REVISION] of the hub; `:int8`, `:fp32` or `:fp16` at the end picks the weights. With
   * `service` its address.
   */
  source: z.string().min(1),
  /** What is added is a service that encodes, and not files. */
  service: remoteServiceSchema.omit({ url: true }).optional(),
  /** Name or org/name in the workspace, by default that of the source. */
  id: z.string().min(1).optional(),
})
