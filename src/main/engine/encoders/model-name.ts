import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { VECTOR_FORMATS } from './cache/vector-format'
import { providers } from './providers'

export const POOLINGS = ['mean', 'cls', 'last'] as const

/** What of a model's own files can be overruled, after `?` in the encoder's name. null: as the files say. */
export const modelOptionsSchema = z.strictObject({
  pooling: z
    .enum(POOLINGS)
    .nullable()
    .default(null)
    .describe(
      'vector of a text: mean of its tokens, the first one (cls) or the last one; none: as its files say',
    ),
  cut: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Matryoshka: keep the first so many components, for encoders trained for it; none: as its files say',
    ),
  tokens: z
    .number()
    .int()
    .min(4)
    .nullable()
    .default(null)
    .describe('longest input, special tokens included; none: as its files say'),
  query: z
    .string()
    .nullable()
    .default(null)
    .describe('put before each query and card; none: as its files say'),
  document: z.string().nullable().default(null).describe('put before each document; none: as its files say'),
  similarity: z
    .enum(['cosine'])
    .nullable()
    .default(null)
    .describe('rank by cosine although the model was made for the inner product of vectors of any length'),
  vectors: z
    .enum(VECTOR_FORMATS)
    .nullable()
    .default(null)
    .describe(
      'what documents’ vectors are kept in on disk: float16 takes half of the place of float32, int8 a quarter; none: float32',
    ),
  provider: z
    .enum(providers.map(({ name }) => name) as [string, ...string[]])
    .nullable()
    .default(null)
    .describe(
      'what runs it: a graphics card by cuda, directml, coreml or webgpu; see hydra doctor; none: cpu',
    ),
})

export type ModelOptions = z.infer<typeof modelOptionsSchema>
/** All as the model's own files say. */
export const OWN_OPTIONS: ModelOptions = modelOptionsSchema.parse({})
/** What can be asked for. */
export type WeightsDtype = 'int8' | 'fp32' | 'fp16'
/** What weights are stored in: a static table may have any float. */
const WEIGHTS_FORMATS = ['int8', 'fp32', 'fp16', 'bf16', 'fp64'] as const
export type WeightsFormat = (typeof WEIGHTS_FORMATS)[number]

export interface ModelName {
  /** Below a models folder, or a path. */
  readonly place: string
  readonly dtype: WeightsDtype | undefined
  readonly options: ModelOptions
}

/** `place[:int8|:fp32|:fp16][?key=value&…]`. Only `%` and `&` inside a value need their URL escapes. */
export function parseModelName(name: string): ModelName {
  const [, place, dtype, tail] = /^([^?]*?)(?::(int8|fp32|fp16))?(?:\?(.*))?$/s.exec(name) as RegExpExecArray
  return {
    place,
    dtype: dtype as WeightsDtype | undefined,
    options: tail ? parseOptions(tail, name) : OWN_OPTIONS,
  }
}

/** The name that parses to the same: one for each choice, however it was typed. */
export function formatModelName({ place, dtype, options }: ModelName): string {
  const pairs = Object.keys(modelOptionsSchema.shape).flatMap((key) => {
    const value = options[key as keyof ModelOptions]
    return value === null ? [] : [`${key}=${escapeValue(String(value))}`]
  })
  return place + (dtype ? `:${dtype}` : '') + (pairs.length > 0 ? `?${pairs.join('&')}` : '')
}

/** Readable in a run's record; a space at an end is escaped, so that it can be seen. */
function escapeValue(value: string): string {
  return value.replace(/[%&]|^\s|\s$/g, encodeURIComponent)
}

function parseOptions(tail: string, name: string): ModelOptions {
  const values: Record<string, string | number> = {}
  try {
    for (const pair of tail.split('&')) {
      const at = pair.indexOf('=')
      if (at < 1) throw new Error(`“${pair}”`)
      const [key, value] = [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))]
      // Decimal digits and nothing else: Number() would take 0x10, 1e2 and an empty text.
      values[key] = (key === 'cut' || key === 'tokens') && /^\d+$/.test(value) ? Number(value) : value
    }
    return modelOptionsSchema.parse(values)
  } catch (cause) {
    const got =
      cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : (cause as Error).message
    throw new HydraError(
      'USAGE',
      {
        expected: `options of an encoder among ${Object.keys(modelOptionsSchema.shape).join(', ')}, as NAME?cut=256&pooling=cls`,
        got: `${got} in ${JSON.stringify(name)}`,
        remedy: 'Name one of these; write %26 for & and %25 for % inside a value.',
        command: 'hydra list encoders',
      },
      { cause },
    )
  }
}

/** `org/name` of the hub and its revision, `main` unless said; null for anything else. */
export function parseHubName(name: string): { id: string; revision: string } | null {
  const found = /^([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/.exec(name)
  return found ? { id: found[1], revision: found[2] ?? 'main' } : null
}
