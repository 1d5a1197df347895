import { basename, join } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { exists, readModelJson, readOptionalJson } from './model-files'
import type { ModelOptions, POOLINGS } from './model-name'

export type Pooling = (typeof POOLINGS)[number]

/** Put before each text of that role, as the encoder was trained. */
export interface Prefixes {
  readonly query: string
  readonly document: string
}

/** How an encoder's vectors are made: as its own files say it, with what was asked otherwise. */
export interface ModelSettings {
  /** `static`: a table of token vectors and nothing else, as model2vec and StaticEmbedding have it. */
  readonly kind: 'transformer' | 'static'
  /** Components of a token's vector. */
  readonly width: number
  /** Components that are kept of a text's vector: `width`, or fewer (Matryoshka). */
  readonly dimensions: number
  /** Longest input in tokens, special tokens included. */
  readonly maxTokens: number
  readonly pooling: Pooling
  readonly prefixes: Prefixes
  /** Texts are lower-cased before the tokenizer sees them (a setting of old sentence-transformers models). */
  readonly lowerCase: boolean
  /** Tokens outside the vocabulary are left out of the mean (model2vec). */
  readonly dropUnknown: boolean
}

const configSchema = z.object({
  model_type: z.string().optional(),
  architectures: z.array(z.string()).nullish(),
  hidden_size: z.number().int().positive().optional(),
  /** DistilBERT, T5 and GPT-2 call it so. */
  dim: z.number().int().positive().optional(),
  d_model: z.number().int().positive().optional(),
  n_embd: z.number().int().positive().optional(),
  max_position_embeddings: z.number().int().positive().optional(),
  matryoshka_dimensions: z.array(z.number().int().positive()).optional(),
})
type Config = z.infer<typeof configSchema>
const tokenizerConfigSchema = z.object({ model_max_length: z.number().positive().nullish() })
const sentenceSchema = z.object({
  max_seq_length: z.number().int().positive().nullish(),
  do_lower_case: z.boolean().optional(),
})
const modulesSchema = z.array(z.object({ path: z.string(), type: z.string() }))
const poolingSchema = z.record(z.string(), z.unknown())
const sentenceTransformersSchema = z.object({
  prompts: z.record(z.string(), z.string()).nullish(),
  default_prompt_name: z.string().nullish(),
  similarity_fn_name: z.string().nullish(),
  truncate_dim: z.number().int().positive().nullish(),
})

interface Module {
  /** Last part of its type: `Transformer`, `Pooling`, … */
  readonly kind: string
  readonly path: string
}

const POOLING_MODES: Readonly<Record<string, Pooling>> = {
  mean_tokens: 'mean',
  // Differs from the mean in length only, and every vector is scaled to unit length.
  mean_sqrt_len_tokens: 'mean',
  cls_token: 'cls',
  lasttoken: 'last',
  mean: 'mean',
  cls: 'cls',
}

/** Positions that count from the padding's id on: two of them are never a token's. */
const OFFSET_POSITIONS = ['roberta', 'xlm-roberta', 'camembert', 'mpnet', 'xlm-roberta-xl']
/** What sentence encoders without any stated limit were trained with, and model2vec's own limit. */
const COMMON_TOKENS = 512

/** The modules of a folder, null where it does not list any. */
async function readModules(folder: string): Promise<Module[] | null> {
  const modules = await readOptionalJson(join(folder, 'modules.json'), modulesSchema)
  return modules?.map(({ type, path }) => ({ kind: type.split('.').pop() ?? type, path })) ?? null
}

/** Where a static model's table and tokenizer lie, below its folder; null: it is a transformer. */
export async function staticPart(folder: string): Promise<string | null> {
  const embedding = (await readModules(folder))?.find(({ kind }) => kind === 'StaticEmbedding')
  if (embedding) return embedding.path
  const config = await readOptionalJson(join(folder, 'config.json'), configSchema)
  return config?.model_type === 'model2vec' ? '' : null
}

/** Whether the folder's model scores pairs of texts instead of encoding them. */
export async function isCrossEncoder(folder: string): Promise<boolean> {
  const config = await readOptionalJson(join(folder, 'config.json'), configSchema)
  return config?.architectures?.some((name) => name.endsWith('ForSequenceClassification')) ?? false
}

/** @param columns of a static model's table */
export async function readSettings(
  folder: string,
  options: ModelOptions,
  columns: number | null,
): Promise<ModelSettings> {
  const isStatic = columns !== null
  const file = join(folder, 'config.json')
  const config = isStatic
    ? ((await readOptionalJson(file, configSchema)) ?? {})
    : await readModelJson(file, configSchema)
  const sentence = await readOptionalJson(join(folder, 'sentence_bert_config.json'), sentenceSchema)
  const own = await readOptionalJson(
    join(folder, 'config_sentence_transformers.json'),
    sentenceTransformersSchema,
  )
  const modules = await readModules(folder)
  const pooling = isStatic
    ? { pooling: 'mean' as const, seesPrompt: true }
    : await readPooling(folder, modules)
  refuseForeign(modules, isStatic, folder)
  if (isStatic && options.pooling && options.pooling !== 'mean') {
    throw unsupported(
      folder,
      'a mean of token vectors, which is all that a static model has',
      options.pooling,
    )
  }

  const width = columns ?? config.hidden_size ?? config.dim ?? config.d_model ?? config.n_embd
  if (width === undefined) throw noWidth(file)
  const prefixes = {
    query: options.query ?? promptOf(own, ['query']),
    document: options.document ?? promptOf(own, ['document', 'passage', 'corpus']),
  }
  if (!pooling.seesPrompt && (prefixes.query || prefixes.document)) {
    throw unsupported(folder, 'a mean over all tokens', 'one that leaves the prefix’s tokens out')
  }
  const isForDot = /^dot/.test(own?.similarity_fn_name ?? '')
  if (isForDot && !modules?.some(({ kind }) => kind === 'Normalize') && !options.similarity) {
    throw new HydraError('MODEL_UNSUPPORTED', {
      expected: 'an encoder whose vectors are compared by cosine',
      got: 'similarity_fn_name “dot” without a Normalize module',
      remedy: 'Add ?similarity=cosine to its name to rank by cosine all the same.',
      where: join(folder, 'config_sentence_transformers.json'),
    })
  }
  const limit = sentence?.max_seq_length ?? (await tokenizerLimit(folder))
  return {
    kind: isStatic ? 'static' : 'transformer',
    width,
    dimensions: readCut(options.cut ?? own?.truncate_dim ?? null, width, config, folder),
    maxTokens: readLimit(options.tokens, isStatic ? COMMON_TOKENS : limit, config, folder),
    pooling: options.pooling ?? pooling.pooling,
    prefixes,
    lowerCase: sentence?.do_lower_case ?? false,
    dropUnknown: config.model_type === 'model2vec',
  }
}

/** modules.json may hold Transformer, Pooling and Normalize; without it sentence-transformers takes the mean. */
async function readPooling(
  folder: string,
  modules: readonly Module[] | null,
): Promise<{ pooling: Pooling; seesPrompt: boolean }> {
  const path = modules ? modules.find(({ kind }) => kind === 'Pooling')?.path : '1_Pooling'
  if (path === undefined) {
    const kinds = modules?.map(({ kind }) => kind).join(', ')
    throw unsupported(folder, 'a Pooling module', `modules ${kinds}`)
  }
  const file = join(folder, path, 'config.json')
  const json = await readOptionalJson(file, poolingSchema)
  if (!json) return { pooling: 'mean', seesPrompt: true }
  const flags = Object.keys(json).filter((key) => key.startsWith('pooling_mode_') && json[key] === true)
  const modes =
    typeof json.pooling_mode === 'string'
      ? [json.pooling_mode]
      : flags.map((key) => key.slice('pooling_mode_'.length))
  const pooling =
    modes.length === 1 && Object.hasOwn(POOLING_MODES, modes[0]) ? POOLING_MODES[modes[0]] : null
  if (!pooling)
    throw unsupported(file, 'mean, CLS or last-token pooling', modes.join(' and ') || 'no pooling mode')
  return { pooling, seesPrompt: json.include_prompt !== false || pooling !== 'mean' }
}

function refuseForeign(modules: readonly Module[] | null, isStatic: boolean, folder: string): void {
  const known = isStatic ? ['StaticEmbedding', 'Normalize'] : ['Transformer', 'Pooling', 'Normalize']
  const foreign = modules?.find(({ kind }) => !known.includes(kind))
  if (foreign) throw unsupported(folder, `modules ${known.join(', ')}`, `a module ${foreign.kind}`)
}

/** The first of these prompts, else the one that sentence-transformers takes by default. */
function promptOf(own: z.infer<typeof sentenceTransformersSchema> | null, names: readonly string[]): string {
  const prompts = own?.prompts ?? {}
  const name = [...names, own?.default_prompt_name ?? ''].find((one) => Object.hasOwn(prompts, one))
  return name === undefined ? '' : prompts[name]
}

function readCut(cut: number | null, width: number, config: Config, folder: string): number {
  if (cut === null || cut === width) return width
  const sizes = config.matryoshka_dimensions
  if (cut <= width && (!sizes || sizes.includes(cut))) return cut
  throw new HydraError('MODEL_UNSUPPORTED', {
    expected: sizes ? `a cut to one of ${sizes.join(', ')}` : `a cut to 1 to ${width} components`,
    got: String(cut),
    remedy: `Name another after ?cut=, or leave it out for all ${width}.`,
    where: folder,
  })
}

function readLimit(asked: number | null, stated: number | null, config: Config, folder: string): number {
  const offset = OFFSET_POSITIONS.includes(config.model_type ?? '') ? 2 : 0
  const positions = (config.max_position_embeddings ?? Number.POSITIVE_INFINITY) - offset
  if (asked !== null && asked > positions) {
    throw new HydraError('MODEL_UNSUPPORTED', {
      expected: `at most ${positions} tokens, as max_position_embeddings says`,
      got: String(asked),
      remedy: 'Name fewer after ?tokens=, or leave it out.',
      where: join(folder, 'config.json'),
    })
  }
  const limit = asked ?? Math.min(positions, stated ?? Number.POSITIVE_INFINITY)
  return limit === Number.POSITIVE_INFINITY ? COMMON_TOKENS : limit
}

async function tokenizerLimit(folder: string): Promise<number | null> {
  const file = join(folder, 'tokenizer_config.json')
  if (!(await exists(file))) return null
  return (await readModelJson(file, tokenizerConfigSchema)).model_max_length ?? null
}

function noWidth(file: string): HydraError {
  return new HydraError('MODEL_CORRUPT', {
    expected: `${basename(file)} with hidden_size`,
    got: 'none',
    remedy: 'Fetch this file again from where the model came from.',
    where: file,
  })
}

function unsupported(where: string, expected: string, got: string): HydraError {
  const remedy =
    'Use an encoder with mean, CLS or last-token pooling and no further layers, such as all-MiniLM-L6-v2.'
  return new HydraError('MODEL_UNSUPPORTED', { expected, got, remedy, where })
}
