import { basename, join } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { readModelJson, readOptionalJson } from './model-files'
import type { ModelOptions } from './model-name'
import { type Config, configSchema } from './settings/model-config'
import { COMMON_TOKENS, readLimit, statedByTable, tokenizerLimit } from './settings/model-limits'
import {
  graphPooling,
  type Module,
  type Pooling,
  readModules,
  readPooling,
  refuseForeign,
  STATIC_POOLING,
  unsupported,
} from './settings/model-pooling'

/** Put before each text of that role, as the encoder was trained. */
export interface Prefixes {
  readonly query: string
  readonly document: string
}

/** What the model's own files do not say and nobody asked for, and so was assumed. */
interface Assumption {
  /** The option that settles it. */
  readonly option: 'pooling' | 'tokens' | 'query' | 'document'
  /** What was assumed, and why it had to be. */
  readonly what: string
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
  readonly assumed: readonly Assumption[]
}

const sentenceSchema = z.object({
  max_seq_length: z.number().int().positive().nullish(),
  do_lower_case: z.boolean().optional(),
})
const sentenceTransformersSchema = z.object({
  prompts: z.record(z.string(), z.string()).nullish(),
  default_prompt_name: z.string().nullish(),
  similarity_fn_name: z.string().nullish(),
  truncate_dim: z.number().int().positive().nullish(),
})

/** sentence-transformers looks for the first of these: old models have their architecture in the name. */
const SENTENCE_FILES = ['bert', 'roberta', 'distilbert', 'camembert', 'albert', 'xlm-roberta', 'xlnet'].map(
  (name) => `sentence_${name}_config.json`,
)
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

/** @param made `columns` of a static model's table; `pooled`: a graph that gives vectors of whole texts */
export async function readSettings(
  folder: string,
  options: ModelOptions,
  { columns, pooled }: { readonly columns: number | null; readonly pooled: boolean },
): Promise<ModelSettings> {
  const isStatic = columns !== null
  const file = join(folder, 'config.json')
  const config = isStatic
    ? ((await readOptionalJson(file, configSchema)) ?? {})
    : await readModelJson(file, configSchema)
  const sentence = await readSentenceConfig(folder)
  const own = await readOptionalJson(
    join(folder, 'config_sentence_transformers.json'),
    sentenceTransformersSchema,
  )
  const modules = await readModules(folder)
  const read = pooled ? graphPooling : readPooling
  const pooling = isStatic ? STATIC_POOLING : await read(folder, modules)
  refuseForeign(modules, isStatic, folder)
  if (isStatic && options.pooling && options.pooling !== 'mean') {
    throw unsupported(
      folder,
      'a mean of token vectors, which is all that a static model has',
      options.pooling,
    )
  }
  if (pooled && options.pooling)
    throw unsupported(folder, 'the pooling of the graph, which gives no vectors of tokens', options.pooling)

  const width =
    columns ?? config.hidden_size ?? config.dim ?? config.d_model ?? config.n_embd ?? config.emb_dim
  if (width === undefined) throw noWidth(file)
  const prompts = { query: promptOf(own, ['query']), document: promptOf(own, DOCUMENT_PROMPTS) }
  const prefixes = {
    query: options.query ?? prompts.query ?? '',
    document: options.document ?? prompts.document ?? '',
  }
  if (!pooling.seesPrompt && (prefixes.query || prefixes.document)) {
    throw unsupported(folder, 'a mean over all tokens', 'one that leaves the prefix’s tokens out')
  }
  const similarity = own?.similarity_fn_name ?? 'cosine'
  if (!options.similarity && !ranksAsCosine(similarity, modules)) {
    throw new HydraError('MODEL_UNSUPPORTED', {
      expected: 'an encoder whose vectors are compared by cosine',
      got: `similarity_fn_name “${similarity}” for vectors that it does not settle`,
      remedy: 'Add ?similarity=cosine to its name to rank by cosine all the same.',
      where: join(folder, 'config_sentence_transformers.json'),
    })
  }
  const stated = isStatic
    ? statedByTable(config)
    : (sentence?.max_seq_length ?? (await tokenizerLimit(folder)))
  const limit = readLimit(options.tokens, stated, config, folder)
  return {
    kind: isStatic ? 'static' : 'transformer',
    width,
    dimensions: readCut(options.cut ?? own?.truncate_dim ?? null, width, config, folder),
    maxTokens: limit ?? COMMON_TOKENS,
    pooling: options.pooling ?? pooling.pooling,
    prefixes,
    lowerCase: !isStatic && (sentence?.do_lower_case ?? false),
    dropUnknown: config.model_type === 'model2vec',
    assumed: [
      ...(options.pooling === null && !pooling.stated ? [ASSUMED_MEAN] : []),
      ...(limit === null ? [ASSUMED_LIMIT] : []),
      ...(['query', 'document'] as const)
        .filter((role) => options[role] === null && prompts[role] === null)
        .flatMap((role) => assumedPrompt(role, own?.prompts ?? {})),
    ],
  }
}

/** What was assumed of a model, for whoever reads a run with it. */
export function assumptionNotes({
  id,
  assumed,
}: { readonly id: string } & Pick<ModelSettings, 'assumed'>): string[] {
  return assumed.map(({ option, what }) => `Assumed of ${id}: ${what}. ?${option}= in its name says it.`)
}

const DOCUMENT_PROMPTS = ['document', 'passage', 'corpus']

const ASSUMED_MEAN: Assumption = {
  option: 'pooling',
  what: 'mean pooling, since the model has neither modules.json nor 1_Pooling/config.json',
}
const ASSUMED_LIMIT: Assumption = {
  option: 'tokens',
  what: `${COMMON_TOKENS} tokens at most, since none of the model’s files gives a limit`,
}

/** Prompts that are there under names which say neither role may be meant for it. */
function assumedPrompt(role: 'query' | 'document', prompts: Readonly<Record<string, string>>): Assumption[] {
  const names = Object.keys(prompts).filter((name) => prompts[name] !== '')
  if (names.length === 0) return []
  const list = names.map((name) => `${name} (${JSON.stringify(prompts[name])})`).join(', ')
  return [
    {
      option: role,
      what: `nothing before a ${role}, since no prompt of the model is named so; it has ${list}`,
    },
  ]
}

/** Whether unit vectors are ranked by cosine as the model's own similarity ranks its vectors. */
function ranksAsCosine(similarity: string, modules: readonly Module[] | null): boolean {
  if (similarity === 'cosine') return true
  const isUnit = modules?.some(({ kind }) => kind === 'Normalize') ?? false
  return isUnit && similarity !== 'manhattan'
}

async function readSentenceConfig(folder: string) {
  for (const name of SENTENCE_FILES) {
    const found = await readOptionalJson(join(folder, name), sentenceSchema)
    if (found) return found
  }
  return null
}

/** The first of these prompts, else the one that sentence-transformers takes by default; null where there is neither. */
function promptOf(
  own: z.infer<typeof sentenceTransformersSchema> | null,
  names: readonly string[],
): string | null {
  const prompts = own?.prompts ?? {}
  const name = [...names, own?.default_prompt_name ?? ''].find((one) => Object.hasOwn(prompts, one))
  return name === undefined ? null : prompts[name]
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

function noWidth(file: string): HydraError {
  return new HydraError('MODEL_CORRUPT', {
    expected: `${basename(file)} with hidden_size`,
    got: 'none',
    remedy: 'Fetch this file again from where the model came from.',
    where: file,
  })
}
