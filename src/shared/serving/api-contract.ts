import { type OpenAPI, oc } from '@orpc/contract'
import { z } from 'zod'
import {
  compileAnswerSchema,
  compileRequestSchema,
  embedAnswerSchema,
  embedRequestSchema,
  healthSchema,
  searchAnswerSchema,
  searchRequestSchema,
} from './api-schemas'
import { openaiEmbeddingsRequestSchema, openaiEmbeddingsSchema, openaiModelsSchema } from './openai-schemas'
import { teiEmbeddingsSchema, teiEmbedRequestSchema } from './tei-schemas'

/** In the dialect of OpenAPI 3.1. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): OpenAPI.SchemaObject {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return json as OpenAPI.SchemaObject
}

/** An answer of JSON as a document has it. */
export function jsonResponse(
  description: string,
  schema: z.ZodType,
  type = 'application/json',
): OpenAPI.ResponseObject {
  return { description, content: { [type]: { schema: jsonSchemaOf(schema) } } }
}

/** Numbers by the hundred thousand go out as they are written, past the checks of the contract: what they are is said for the document alone. */
const streamSchema = z.strictObject({
  headers: z.strictObject({ 'content-type': z.string() }),
  body: z.custom<ReadableStream<string>>((value) => value instanceof ReadableStream),
})
function streamed(answer: z.ZodType, type?: string) {
  return {
    outputStructure: 'detailed' as const,
    spec: (operation: OpenAPI.OperationObject): OpenAPI.OperationObject => ({
      ...operation,
      responses: { ...operation.responses, 200: jsonResponse('OK', answer, type) },
    }),
  }
}

/** What `hydra serve --api` answers over HTTP; its OpenAPI document is made from it. */
export const apiContract = {
  compile: oc
    .route({
      method: 'POST',
      path: '/api/compile',
      tags: ['Cards'],
      summary: 'Compile a card into a head, certified, and give it a name',
    })
    .input(compileRequestSchema)
    .output(compileAnswerSchema),
  embed: oc
    .route({
      method: 'POST',
      path: '/api/embed',
      tags: ['Vectors'],
      summary: 'Texts as unit vectors: queries through a card, documents as the frozen encoder has them',
      ...streamed(embedAnswerSchema),
    })
    .input(embedRequestSchema)
    .output(streamSchema),
  search: oc
    .route({
      method: 'POST',
      path: '/api/search',
      tags: ['Search'],
      summary: 'Search a collection of the workspace with a card, by the rule of what is handed out',
    })
    .input(searchRequestSchema)
    .output(searchAnswerSchema),
  openaiEmbeddings: oc
    .route({
      method: 'POST',
      path: '/v1/embeddings',
      tags: ['OpenAI'],
      summary: 'As OpenAI has it; model: a card, or the encoder’s name',
      ...streamed(openaiEmbeddingsSchema),
    })
    .input(openaiEmbeddingsRequestSchema)
    .output(streamSchema),
  openaiModels: oc
    .route({
      method: 'GET',
      path: '/v1/models',
      tags: ['OpenAI'],
      summary: 'The encoder, and every card that has a name',
    })
    .output(openaiModelsSchema),
  teiEmbed: oc
    .route({
      method: 'POST',
      path: '/embed',
      tags: ['text-embeddings-inference'],
      summary: 'As text-embeddings-inference has it; prompt_name: query, document, or a card',
      ...streamed(teiEmbeddingsSchema),
    })
    .input(teiEmbedRequestSchema)
    .output(streamSchema),
  health: oc
    .route({
      method: 'GET',
      path: '/health',
      tags: ['Service'],
      summary: 'Whether it answers; the one route that asks for no token',
    })
    .output(healthSchema),
  metrics: oc
    .route({
      method: 'GET',
      path: '/metrics',
      tags: ['Service'],
      summary: 'Prometheus, text format 0.0.4',
      ...streamed(z.string(), 'text/plain; version=0.0.4; charset=utf-8'),
    })
    .output(streamSchema),
  document: oc
    .route({ method: 'GET', path: '/openapi.json', tags: ['Service'], summary: 'This document' })
    .output(z.record(z.string(), z.unknown())),
}
