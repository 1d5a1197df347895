import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isAbsolute, join, posix, resolve } from 'node:path'
import { HydraError } from '../../../shared/errors'
import { findSpec } from '../registry/registry'
import { USUAL_FORMAT, type VectorFormat } from './cache/vector-format'
import { externalData } from './graphs/external-data'
import { graphSignature } from './graphs/graph-signature'
import { ONNX_WEIGHTS } from './graphs/onnx-weights'
import { hashWeights, isSettingsFile, readSource, verifyFiles } from './model-checksums'
import { exists, hashFile } from './model-files'
import {
  formatModelName,
  type ModelOptions,
  OWN_OPTIONS,
  parseModelName,
  type WeightsDtype,
  type WeightsFormat,
} from './model-name'
import { isCrossEncoder, type ModelSettings, readSettings, staticPart } from './model-settings'
import { providers, USUAL_PROVIDER } from './providers'
import { readTableShape, TABLE_FILE } from './static-table'
import { chooseRunner, type Runner } from './transformers/choose-runner'
import { generatorKind } from './transformers/generator-kind'
import { POOLED } from './transformers/graph-output'

/** An encoder on disk, checked and understood. Plain JSON, so that it can be handed to a worker process. */
export interface ResolvedModel extends ModelSettings {
  /** Under which it is opened again: the name below a models folder or the absolute path, with the weights and options that are not what the folder gives by itself. */
  readonly id: string
  /** Absolute. */
  readonly folder: string
  readonly dtype: WeightsFormat
  /** Path of the ONNX file, or of a static model's table. */
  readonly weights: string
  /** Folder of tokenizer.json. */
  readonly tokenizerFolder: string
  /** sha256 of the weights file. */
  readonly sha256: string
  /** sha256 over weights, tokenizer, pooling, length, prefixes, cut and format: whatever changes a vector changes it. */
  readonly fingerprint: string
  /** What documents' vectors are kept in. */
  readonly vectors: VectorFormat
  /** What it is run on. */
  readonly provider: string
  /**
   * What runs its graph on the processor; null: a table needs nothing to run it. It follows from the graph and changes no vector,
   * so it is no part of the fingerprint.
   */
  readonly runner: Runner | null
  /** Of weights in half precision: others of the same model that its provider is checked by, where there are. */
  readonly reference: Pick<ResolvedModel, 'weights' | 'dtype'> | null
}

/**
 * Finds an encoder by its name (`all-MiniLM-L6-v2`, `org/name`, a path; model-name.ts) below one of `roots` or in a folder.
 * Files that SOURCE.json lists are held to their checksums.
 */
export async function resolveModel(name: string, roots: readonly string[]): Promise<ResolvedModel> {
  const { place, dtype: wanted, options } = parseModelName(name)
  const { folder, name: reopens } = await findFolder(place, roots)
  const source = await readSource(folder)
  // Before anything in them is believed.
  await verifyFiles(folder, source, isSettingsFile)
  if (await generatorKind(folder)) throw noEncoder(name, folder)
  const part = await staticPart(folder)
  const provider = findSpec('provider', providers, options.provider ?? USUAL_PROVIDER)
  if (part !== null && provider.name !== USUAL_PROVIDER) throw noGraph(folder, provider.name)
  const found = part === null ? await findOnnx(folder, wanted, provider.weights) : null
  const file = found?.file ?? join(part ?? '', TABLE_FILE)
  const weights = join(folder, file)
  const beside = found
    ? (await externalData(weights)).map((name) => posix.join(posix.dirname(file), name))
    : []
  const verified = await verifyFiles(folder, source, (one) => one === file || beside.includes(one))
  const hashes = await hashWeights(folder, [file, ...beside], verified)
  const table = found ? null : await readTableShape(weights)
  const runner = found
    ? chooseRunner(
        await graphSignature(weights),
        (await isCrossEncoder(folder)) ? 'cross-encoder' : 'encoder',
      )
    : null
  const made = { columns: table?.columns ?? null, pooled: runner?.output === POOLED }
  const tokenizerFolder = join(folder, part ?? '')
  const settings = await readSettings(folder, options, made)
  const asIs = await readSettings(folder, OWN_OPTIONS, made).catch(() => null)
  const tokenizerFile = join(tokenizerFolder, 'tokenizer.json')
  const tokenizer = [await hashFile(tokenizerFile), await hashTokenizerConfig(tokenizerFolder, settings.kind)]
  const vectors = options.vectors ?? USUAL_FORMAT
  return {
    id: formatModelName({
      place: reopens,
      dtype: !found || found.isDefault ? undefined : found.dtype,
      options: asIs ? whatDiffers(options, settings, asIs) : options,
    }),
    folder,
    dtype: table?.format ?? found?.dtype ?? 'fp32',
    weights,
    tokenizerFolder,
    sha256: hashes[0],
    fingerprint: fingerprintOf(hashes, tokenizer, settings, {
      reading: await readingOf(tokenizerFile, settings.kind),
      vectors: vectors === USUAL_FORMAT ? undefined : vectors,
      provider: provider.name === USUAL_PROVIDER ? undefined : provider.name,
    }),
    vectors,
    provider: provider.name,
    runner,
    reference: found?.dtype === 'fp16' ? await findReference(folder) : null,
    ...settings,
  }
}

/** What is as it is by default stays out, so that vectors which were cached before it could differ are still found. */
function fingerprintOf(
  [weights, ...data]: readonly string[],
  tokenizer: readonly (string | null)[],
  settings: ModelSettings,
  others: {
    readonly reading: number | undefined
    readonly vectors: VectorFormat | undefined
    readonly provider: string | undefined
  },
): string {
  const { kind, width, dimensions, maxTokens, pooling, prefixes, lowerCase, dropUnknown } = settings
  const parts = {
    dimensions,
    maxTokens,
    pooling,
    lowerCase,
    width: width === dimensions ? undefined : width,
    query: prefixes.query || undefined,
    document: prefixes.document || undefined,
    kind: kind === 'transformer' ? undefined : kind,
    dropUnknown: dropUnknown || undefined,
    data: data.length > 0 ? data : undefined,
    ...others,
  }
  return createHash('sha256')
    .update(JSON.stringify([weights, ...tokenizer, parts]))
    .digest('hex')
}

/** Since version 2 texts of static models, and those under SentencePiece's own normalisation, are read as Python reads them. */
async function readingOf(tokenizer: string, kind: ModelSettings['kind']): Promise<number | undefined> {
  return kind === 'static' || (await readFile(tokenizer, 'utf8')).includes('"Precompiled"') ? 2 : undefined
}

/** Of the options those that say something else than the model's own files. */
function whatDiffers(options: ModelOptions, settings: ModelSettings, own: ModelSettings): ModelOptions {
  return {
    ...OWN_OPTIONS,
    pooling: settings.pooling === own.pooling ? null : options.pooling,
    cut: settings.dimensions === own.dimensions ? null : settings.dimensions,
    tokens: settings.maxTokens === own.maxTokens ? null : settings.maxTokens,
    query: settings.prefixes.query === own.prefixes.query ? null : options.query,
    document: settings.prefixes.document === own.prefixes.document ? null : options.document,
    vectors: options.vectors === USUAL_FORMAT ? null : options.vectors,
    provider: options.provider === USUAL_PROVIDER ? null : options.provider,
  }
}

/** The folder with config.json, or modules.json alone as a static model of sentence-transformers has it. */
async function findFolder(place: string, roots: readonly string[]): Promise<FoundFolder> {
  const found = await findModelFolder(place, roots, ['config.json', 'modules.json'])
  if (found) return found
  const places = placesOf(place, roots).map(({ folder }) => folder)
  throw new HydraError('MODEL_MISSING', {
    expected: `an encoder folder with config.json: ${places.join(' or ')}`,
    got: `nothing there for ${JSON.stringify(place)}`,
    remedy:
      'Name all-MiniLM-L6-v2, which comes with the workbench, one that was added, or a folder in Hugging Face layout with onnx/.',
    command: 'hydra models add SOURCE',
  })
}

interface FoundFolder {
  readonly folder: string
  /** Under which it is found again from anywhere: below a root as it was named, else its absolute path. */
  readonly name: string
}

/** The first place of a name that has one of these files. */
export async function findModelFolder(
  place: string,
  roots: readonly string[],
  files: readonly string[],
): Promise<FoundFolder | null> {
  if (place === '') return null
  for (const found of placesOf(place, roots))
    for (const file of files) if (await exists(join(found.folder, file))) return found
  return null
}

function placesOf(place: string, roots: readonly string[]): FoundFolder[] {
  const isPath = isAbsolute(place) || /^\.{1,2}([\\/]|$)/.test(place)
  const named = isPath ? [] : roots.map((root) => ({ folder: resolve(root, place), name: place }))
  return [...named, { folder: resolve(place), name: resolve(place) }]
}

interface FoundWeights {
  readonly dtype: WeightsDtype
  /** Below the model's folder. */
  readonly file: string
  /** Whether the folder gives them where nothing is said. */
  readonly isDefault: boolean
}

/** @param usual where nothing is said, the first of these that is there */
async function findOnnx(
  folder: string,
  wanted: WeightsDtype | undefined,
  usual: readonly WeightsDtype[],
): Promise<FoundWeights> {
  const there: { dtype: WeightsDtype; file: string }[] = []
  for (const [dtype, file] of ONNX_WEIGHTS) if (await exists(join(folder, file))) there.push({ dtype, file })
  const first = (among: readonly WeightsDtype[]) => {
    const dtype = among.find((one) => there.some((found) => found.dtype === one))
    return there.find((found) => found.dtype === dtype)
  }
  const choice = wanted ? [wanted] : usual
  const found = first(choice)
  if (found) return { ...found, isDefault: found === first(usual) }
  const files = ONNX_WEIGHTS.filter(([dtype]) => choice.includes(dtype)).map(([, file]) => file)
  throw new HydraError('MODEL_MISSING', {
    expected: `${files.join(' or ')} in ${folder}`,
    got: there.length > 0 ? there.map(({ file }) => file).join(', ') : 'no ONNX weights',
    remedy:
      wanted && there.length > 0 ? `Leave out “:${wanted}”.` : 'Fetch the model again with its onnx folder.',
  })
}

/** The graph in full precision, whose vectors a provider is held to. */
async function findReference(folder: string): Promise<ResolvedModel['reference']> {
  const found = await findOnnx(folder, 'fp32', []).catch(() => null)
  return found && { weights: join(folder, found.file), dtype: found.dtype }
}

function noEncoder(name: string, where: string): HydraError {
  return new HydraError('MODEL_UNSUPPORTED', {
    expected: 'a model that makes vectors or scores of texts',
    got: `${JSON.stringify(name)}, which writes text`,
    remedy:
      'Name another; the list of models says what each is for. This one can write queries of documents.',
    command: 'hydra models list',
    where,
  })
}

function noGraph(folder: string, provider: string): HydraError {
  return new HydraError('USAGE', {
    expected: 'a model with an ONNX graph, for a provider to run',
    got: `provider=${provider} of a static model, which is a table`,
    remedy: 'Leave out “provider”.',
    where: folder,
  })
}

async function hashTokenizerConfig(folder: string, kind: ModelSettings['kind']): Promise<string | null> {
  const file = join(folder, 'tokenizer_config.json')
  return kind === 'static' && !(await exists(file)) ? null : await hashFile(file)
}
