import { implement } from '@orpc/server'
import type { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { apiContract } from '../../../shared/serving/api-contract'
import type { healthSchema } from '../../../shared/serving/api-schemas'
import type { Embeddings } from '../../services/serving/embedding-batches'
import type { Serving } from '../../services/serving/serving'
import type { ApiMetrics } from './api-metrics'
import { asBase64, asNumbers, streamRows } from './stream-rows'

/** What a request brings along besides its input. */
export interface ApiContext {
  /** Why it is not answered; null: it may go on. */
  readonly refusal: HydraError | null
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** The routes over what the services offer; what clients of others' interfaces expect is said here and nowhere below. */
export function apiRouter(options: {
  readonly serving: Serving
  readonly metrics: ApiMetrics
  readonly startedAt: Date
  health(): z.infer<typeof healthSchema>
  document(): Promise<Record<string, unknown>>
}) {
  const { serving, metrics, startedAt, health, document } = options
  const api = implement(apiContract).$context<ApiContext>()
  return api.router({
    compile: api.compile.handler(async ({ input, signal }) => {
      const compiled = await serving.compile(input, signal)
      metrics.compiled(compiled.cached)
      return compiled
    }),

    embed: api.embed.handler(async ({ input, signal }) => {
      const embedded = await serving.embed(input, signal)
      const { dimensions, tokens, role } = embedded
      const about = JSON.stringify({ model: input.model, role, dimensions, tokens })
      return {
        headers: JSON_TYPE,
        body: streamRows(embedded, {
          before: `${about.slice(0, -1)},"vectors":[`,
          after: ']}',
          write: asNumbers,
        }),
      }
    }),

    search: api.search.handler(({ input, signal }) => serving.search(input, signal)),

    openaiEmbeddings: api.openaiEmbeddings.handler(async ({ input, signal }) => {
      const { model, input: texts, encoding_format, dimensions, input_type: role } = input
      const embedded = await serving.embed({ model, texts: [texts].flat(), role }, signal)
      requireDimensions(embedded, dimensions)
      const write = encoding_format === 'base64' ? asBase64 : asNumbers
      const usage = { prompt_tokens: embedded.tokens, total_tokens: embedded.tokens }
      return {
        headers: JSON_TYPE,
        body: streamRows(embedded, {
          before: '{"object":"list","data":[',
          after: `],"model":${JSON.stringify(model)},"usage":${JSON.stringify(usage)}}`,
          write: (vector, index) => `{"object":"embedding","index":${index},"embedding":${write(vector)}}`,
        }),
      }
    }),

    openaiModels: api.openaiModels.handler(async () => {
      const created = Math.floor(startedAt.getTime() / 1000)
      const names = await serving.models()
      return {
        object: 'list' as const,
        data: names.map((id) => ({ id, object: 'model' as const, created, owned_by: 'hydra-workbench' })),
      }
    }),

    teiEmbed: api.teiEmbed.handler(async ({ input, signal }) => {
      const { inputs, truncate, prompt_name: prompt, dimensions } = input
      const named = prompt === 'query' || prompt === 'document'
      const embedded = await serving.embed(
        {
          model: prompt && !named ? prompt : serving.encoder,
          texts: [inputs].flat(),
          role: named ? prompt : undefined,
          whole: !truncate,
        },
        signal,
      )
      requireDimensions(embedded, dimensions)
      return { headers: JSON_TYPE, body: streamRows(embedded, { before: '[', after: ']', write: asNumbers }) }
    }),

    health: api.health.handler(health),

    metrics: api.metrics.handler(async () => {
      const text = await metrics.text()
      return {
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: new ReadableStream({
          start(controller) {
            controller.enqueue(text)
            controller.close()
          },
        }),
      }
    }),

    document: api.document.handler(document),
  })
}

function requireDimensions({ dimensions }: Embeddings, asked: number | null | undefined): void {
  if (asked === undefined || asked === null || asked === dimensions) return
  throw new HydraError('USAGE', {
    expected: `dimensions: ${dimensions}, which is what the encoder has`,
    got: String(asked),
    remedy: 'Leave it out: vectors of this encoder are not cut.',
  })
}
