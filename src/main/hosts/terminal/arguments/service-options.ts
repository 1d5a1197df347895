import type { ModelRecord, RemoteService } from '../../../../shared/schemas/model'
import { formatCount } from '../format-number'
import type { Options, ReadArgs } from './command'
import { decimal, wholeNumber } from './option-values'
import { usageError } from './usage-error'

/** Of `models add`, where the source is an address. */
export const SERVICE_OPTIONS = {
  api: {
    choices: ['openai', 'tei'],
    description:
      'how the service is asked: OpenAI’s /embeddings, which is so unless said, or text-embeddings-inference’s /embed',
    value: 'API',
  },
  model: { description: 'the model, as the service names it', value: 'NAME' },
  dimensions: { description: 'width to ask for, of models that can be cut', value: 'N' },
  'query-type': { description: 'sent with queries: input_type, of tei prompt_name', value: 'NAME' },
  'document-type': { description: 'sent with documents', value: 'NAME' },
  longest: { description: 'characters of a text that are sent, its beginning', value: 'N' },
  'key-env': {
    description: 'the environment variable that holds the key; its value is never written',
    value: 'VARIABLE',
  },
  'price-per-million-tokens': { description: 'to say before the start what it costs', value: 'X' },
} as const satisfies Options

type ServiceArgs = ReadArgs<Readonly<Record<never, never>>, typeof SERVICE_OPTIONS>

/** What is said of a service; undefined where the source is no address. */
export function readService(source: string, args: ServiceArgs): Omit<RemoteService, 'url'> | undefined {
  const said = Object.keys(SERVICE_OPTIONS).find((name) => args[name as keyof ServiceArgs] !== undefined)
  if (!/^https?:\/\//i.test(source)) {
    if (said === undefined) return undefined
    throw usageError(`--${said} with the address of a service, such as https://host/v1`, 'another source')
  }
  const { api = 'openai', model, 'key-env': keyEnv } = args
  if (api === 'openai' && !model) throw usageError('--model, as the service names it', 'none')
  // It may be the key itself, which is then not repeated.
  if (keyEnv !== undefined && !/^[A-Za-z_]\w*$/.test(keyEnv))
    throw usageError('--key-env as the name of an environment variable', 'something else')
  return {
    api,
    model: model ?? null,
    dimensions: wholeNumber(args.dimensions, '--dimensions', 1, 65_536) ?? null,
    types: { query: args['query-type'] ?? null, document: args['document-type'] ?? null },
    longest: wholeNumber(args.longest, '--longest', 1, 10_000_000) ?? null,
    keyEnv: keyEnv ?? null,
    price: decimal(args['price-per-million-tokens'], '--price-per-million-tokens', 0, 1_000_000) ?? null,
  }
}

/** A service as `models show` prints it. */
export function serviceLines({
  service,
  dimensions,
  sha256,
}: Extract<NonNullable<ModelRecord['settings']>, { kind: 'remote' }>): string[] {
  const { api, model, types, longest, keyEnv, price } = service
  return [
    `a service: ${model ?? 'its one model'}, asked as ${api}, identity ${sha256}`,
    `${formatCount(dimensions)} dimensions${longest === null ? '' : `, the first ${formatCount(longest)} characters of a text`}`,
    keyEnv === null ? 'asked without a key' : `key in the environment variable ${keyEnv}`,
    ...(['query', 'document'] as const).flatMap((role) =>
      types[role] ? [`sent with each ${role}: ${types[role]}`] : [],
    ),
    price === null ? 'no price stated' : `${price} for a million tokens`,
  ]
}
