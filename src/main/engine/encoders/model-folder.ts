import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'

export type WeightsDtype = 'int8' | 'fp32'
export type Pooling = 'mean' | 'cls'

/** An encoder on disk, checked and understood. Plain JSON, so that it can be handed to a worker process. */
export interface ResolvedModel {
  /** Under which it is opened again: the name below a models folder or the absolute path, with `:fp32` or `:int8` when these are not the weights that the folder gives by default. */
  readonly id: string
  /** Absolute. */
  readonly folder: string
  readonly dtype: WeightsDtype
  /** Path of the ONNX file. */
  readonly weights: string
  /** sha256 of the ONNX file. */
  readonly sha256: string
  /** sha256 over weights, tokenizer, pooling and length: whatever changes a vector changes it. */
  readonly fingerprint: string
  readonly dimensions: number
  /** Longest input in tokens, special tokens included. */
  readonly maxTokens: number
  readonly pooling: Pooling
  /** Texts are lower-cased before the tokenizer sees them (a setting of old sentence-transformers models). */
  readonly lowerCase: boolean
}

/** In order of preference: int8 is the faster one on a CPU. */
const WEIGHTS: readonly (readonly [WeightsDtype, string])[] = [
  ['int8', 'onnx/model_quantized.onnx'],
  ['fp32', 'onnx/model.onnx'],
]

const sourceSchema = z.object({
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
})
const configSchema = z.object({
  hidden_size: z.number().int().positive(),
  max_position_embeddings: z.number().int().positive().optional(),
})
const tokenizerConfigSchema = z.object({ model_max_length: z.number().positive().optional() })
const sentenceSchema = z.object({
  max_seq_length: z.number().int().positive().nullish(),
  do_lower_case: z.boolean().optional(),
})
const modulesSchema = z.array(z.object({ path: z.string(), type: z.string() }))
const poolingSchema = z.record(z.string(), z.unknown())

/**
 * Finds an encoder by id (`all-MiniLM-L6-v2`, `org/name`) below one of `roots`, or in a folder; `:fp32` or `:int8` at
 * the end picks the weights where a folder has both. Files that SOURCE.json lists are held to their checksums.
 */
export async function resolveModel(name: string, roots: readonly string[]): Promise<ResolvedModel> {
  const [, place, wanted] = /^(.*?)(?::(int8|fp32))?$/s.exec(name) as RegExpExecArray
  const { folder, name: reopens } = await findFolder(place, roots)
  const [dtype, weightsFile, isDefault] = await findWeights(folder, wanted as WeightsDtype | undefined)
  const weights = join(folder, weightsFile)
  const sha256 = await verifyFiles(folder, weightsFile)

  const config = await readJson(join(folder, 'config.json'), configSchema)
  const tokenizerConfig = await readJson(join(folder, 'tokenizer_config.json'), tokenizerConfigSchema)
  const sentence = await readOptionalJson(join(folder, 'sentence_bert_config.json'), sentenceSchema)
  const limits = [
    config.max_position_embeddings ?? Number.POSITIVE_INFINITY,
    sentence?.max_seq_length ?? tokenizerConfig.model_max_length ?? Number.POSITIVE_INFINITY,
  ]
  const settings = {
    dimensions: config.hidden_size,
    // 512: what sentence encoders without any stated limit were trained with.
    maxTokens: Math.min(...limits) === Number.POSITIVE_INFINITY ? 512 : Math.min(...limits),
    pooling: await readPooling(folder),
    lowerCase: sentence?.do_lower_case ?? false,
  }
  const tokenizer = await hashFile(join(folder, 'tokenizer.json'))
  const tokenizerOptions = await hashFile(join(folder, 'tokenizer_config.json'))
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([sha256, tokenizer, tokenizerOptions, settings]))
    .digest('hex')
  const id = reopens + (isDefault ? '' : `:${dtype}`)
  return { id, folder, dtype, weights, sha256, fingerprint, ...settings }
}

/** The folder, and the name under which it is found again from anywhere: below a root as it was named, else its absolute path. */
async function findFolder(
  place: string,
  roots: readonly string[],
): Promise<{ folder: string; name: string }> {
  const isPath = isAbsolute(place) || /^\.{1,2}([\\/]|$)/.test(place)
  const named = isPath ? [] : roots.map((root) => ({ folder: resolve(root, place), name: place }))
  const places = [...named, { folder: resolve(place), name: resolve(place) }]
  for (const found of places)
    if (place !== '' && (await exists(join(found.folder, 'config.json')))) return found
  throw new HydraError('MODEL_MISSING', {
    expected: `an encoder folder with config.json: ${places.map(({ folder }) => folder).join(' or ')}`,
    got: `nothing there for ${JSON.stringify(place)}`,
    remedy:
      'Name all-MiniLM-L6-v2, which comes with the workbench, or a folder in Hugging Face layout with onnx/.',
  })
}

async function findWeights(
  folder: string,
  wanted: WeightsDtype | undefined,
): Promise<[WeightsDtype, string, boolean]> {
  const there: [WeightsDtype, string][] = []
  for (const [dtype, file] of WEIGHTS) if (await exists(join(folder, file))) there.push([dtype, file])
  const found = wanted ? there.find(([dtype]) => dtype === wanted) : there[0]
  if (found) return [...found, found === there[0]]
  const files = WEIGHTS.filter(([dtype]) => !wanted || dtype === wanted).map(([, file]) => file)
  throw new HydraError('MODEL_MISSING', {
    expected: `${files.join(' or ')} in ${folder}`,
    got: there.length > 0 ? there.map(([, file]) => file).join(', ') : 'no ONNX weights',
    remedy:
      wanted && there.length > 0 ? `Leave out “:${wanted}”.` : 'Fetch the model again with its onnx folder.',
  })
}

/** Holds each published file, of the weights only the chosen ones, to its checksum; gives that of the weights. */
async function verifyFiles(folder: string, weightsFile: string): Promise<string> {
  const source = await readOptionalJson(join(folder, 'SOURCE.json'), sourceSchema)
  let sha256: string | undefined
  for (const [file, published] of Object.entries(source?.files ?? {})) {
    if (file.startsWith('onnx/') && file !== weightsFile) continue
    const path = join(folder, file)
    if (!(await exists(path))) throw missingFile(path)
    const got = await hashFile(path)
    if (got !== published.sha256) {
      throw new HydraError('MODEL_CORRUPT', {
        expected: `${file} with sha256 ${published.sha256}`,
        got: `sha256 ${got}`,
        remedy: 'Restore this file from where the model came from (SOURCE.json says where).',
        where: path,
      })
    }
    if (file === weightsFile) sha256 = got
  }
  return sha256 ?? (await hashFile(join(folder, weightsFile)))
}

/** modules.json may hold Transformer, Pooling and Normalize; without it sentence-transformers takes the mean. */
async function readPooling(folder: string): Promise<Pooling> {
  const modules = await readOptionalJson(join(folder, 'modules.json'), modulesSchema)
  const kinds = modules?.map(({ type }) => type.split('.').pop() ?? type) ?? []
  const foreign = kinds.find((kind) => !['Transformer', 'Pooling', 'Normalize'].includes(kind))
  if (foreign) throw unsupported(folder, 'modules Transformer, Pooling and Normalize', `a module ${foreign}`)
  const path = modules ? modules[kinds.indexOf('Pooling')]?.path : '1_Pooling'
  if (path === undefined) throw unsupported(folder, 'a Pooling module', `modules ${kinds.join(', ')}`)
  const pooling = await readOptionalJson(join(folder, path, 'config.json'), poolingSchema)
  if (!pooling) return 'mean'
  const modes = Object.keys(pooling).filter((key) => key.startsWith('pooling_mode_') && pooling[key] === true)
  if (modes.length === 1 && modes[0] === 'pooling_mode_mean_tokens') return 'mean'
  if (modes.length === 1 && modes[0] === 'pooling_mode_cls_token') return 'cls'
  throw unsupported(folder, 'mean or CLS pooling', modes.join(' and ') || 'no pooling mode')
}

function unsupported(folder: string, expected: string, got: string): HydraError {
  const remedy = 'Use an encoder with mean or CLS pooling and no further layers, such as all-MiniLM-L6-v2.'
  return new HydraError('MODEL_UNSUPPORTED', { expected, got, remedy, where: folder })
}

function missingFile(path: string): HydraError {
  return new HydraError('MODEL_MISSING', {
    expected: `the file ${path}`,
    got: 'no such file',
    remedy: 'Fetch the model again; this file is part of it.',
    where: path,
  })
}

async function readOptionalJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  return (await exists(path)) ? await readJson(path, schema) : null
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  if (!(await exists(path))) throw missingFile(path)
  let parsed: z.ZodSafeParseResult<T>
  try {
    parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw malformed(path, error instanceof Error ? error.message : String(error))
  }
  if (!parsed.success) throw malformed(path, z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return parsed.data
}

function malformed(path: string, got: string): HydraError {
  return new HydraError('MODEL_CORRUPT', {
    expected: `${basename(path)} as sentence-transformers writes it`,
    got,
    remedy: 'Fetch this file again from where the model came from.',
    where: path,
  })
}

async function hashFile(path: string): Promise<string> {
  if (!(await exists(path))) throw missingFile(path)
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
