import { createHash } from 'node:crypto'
import { join, posix } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import { externalData } from '../graphs/external-data'
import { hashWeights, isSettingsFile, readSource, verifyFiles } from '../model-checksums'
import { exists, hashFile, readModelJson } from '../model-files'
import { findModelFolder } from '../model-folder'
import { OWN_OPTIONS, parseModelName, type WeightsDtype } from '../model-name'
import { type GeneratorKind, generatorKind } from './generator-kind'

/** A model that writes text, on disk, checked. Plain JSON, so that it can be handed to a worker process. */
export interface ResolvedGenerator {
  /** Under which it is opened again. */
  readonly id: string
  /** Absolute. */
  readonly folder: string
  readonly kind: GeneratorKind
  readonly dtype: WeightsDtype
  /** Folder of its graphs below its own. */
  readonly graphs: string
  /** sha256 of its first graph. */
  readonly sha256: string
  /** sha256 over graphs, tokenizer and settings: whatever changes what it writes changes it. */
  readonly fingerprint: string
}

/** As transformers.js names the graphs of a model that is run step by step. */
const GRAPHS: Readonly<Record<GeneratorKind, readonly string[]>> = {
  seq2seq: ['encoder_model', 'decoder_model_merged'],
  causal: ['model'],
}
/** In order of preference: int8 is the faster one on a CPU. */
const ENDINGS: readonly (readonly [WeightsDtype, string])[] = [
  ['int8', '_quantized.onnx'],
  ['fp32', '.onnx'],
]
/** What decides what is written, beside the graphs. */
const SETTINGS = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'chat_template.jinja',
]

/**
 * The graphs that a generator needs of all that it comes with, all in one folder and of one kind of weights.
 * @param paths of its files, separated by `/`  @param where names the source in errors
 */
export function generatorGraphs(
  paths: ReadonlySet<string>,
  kind: GeneratorKind,
  { wanted, where }: { wanted: WeightsDtype | undefined; where: string },
): { dtype: WeightsDtype; folder: string; files: string[] } {
  for (const folder of ['onnx', ''])
    for (const [dtype, ending] of ENDINGS) {
      if (wanted && dtype !== wanted) continue
      const files = GRAPHS[kind].map((name) => posix.join(folder, name + ending))
      if (files.every((file) => paths.has(file))) return { dtype, folder, files }
    }
  const graphs = [...paths].filter((path) => path.endsWith('.onnx'))
  throw new HydraError('MODEL_UNSUPPORTED', {
    expected: `graphs ${GRAPHS[kind].map((name) => `onnx/${name}.onnx`).join(' and ')}, or both ending in _quantized`,
    got: graphs.length > 0 ? graphs.slice(0, 8).join(', ') : 'no ONNX graph',
    remedy: 'Choose a model that was exported for transformers.js, or export one and add its folder.',
    command: `optimum-cli export onnx --task ${kind === 'seq2seq' ? 'text2text-generation-with-past' : 'text-generation-with-past'} --model ID FOLDER && hydra models add FOLDER`,
    where,
  })
}

/** Finds a generator by its name below one of `roots`, or in a folder. Files that SOURCE.json lists are held to their checksums. */
export async function resolveGenerator(name: string, roots: readonly string[]): Promise<ResolvedGenerator> {
  const { place, dtype: wanted, options } = parseModelName(name)
  if (JSON.stringify(options) !== JSON.stringify(OWN_OPTIONS)) throw noOptions(name)
  const found = await findModelFolder(place, roots, ['config.json'])
  if (!found) throw missing(name)
  const { folder } = found
  const source = await readSource(folder)
  await verifyFiles(folder, source, isSettingsFile)
  const kind = await generatorKind(folder)
  if (!kind) throw noGenerator(name, folder)
  const candidates = ['onnx', ''].flatMap((below) =>
    ENDINGS.flatMap(([, ending]) => GRAPHS[kind].map((graph) => posix.join(below, graph + ending))),
  )
  const there = new Set<string>()
  for (const file of candidates) if (await exists(join(folder, file))) there.add(file)
  const { dtype, folder: graphs, files } = generatorGraphs(there, kind, { wanted, where: folder })
  const beside: string[] = []
  for (const file of files)
    for (const data of await externalData(join(folder, file))) beside.push(posix.join(graphs, data))
  const weights = [...files, ...beside]
  const verified = await verifyFiles(folder, source, (file) => weights.includes(file))
  const hashes = await hashWeights(folder, weights, verified)
  await readModelJson(join(folder, 'tokenizer.json'), z.looseObject({}))
  const settings: (string | null)[] = []
  for (const file of SETTINGS)
    settings.push((await exists(join(folder, file))) ? await hashFile(join(folder, file)) : null)
  return {
    id: wanted ? `${found.name}:${wanted}` : found.name,
    folder,
    kind,
    dtype,
    graphs,
    sha256: hashes[0],
    fingerprint: createHash('sha256')
      .update(JSON.stringify([hashes, settings]))
      .digest('hex'),
  }
}

function missing(name: string): HydraError {
  return new HydraError('MODEL_MISSING', {
    expected: 'a model that writes queries, by its name or folder',
    got: `nothing there for ${JSON.stringify(name)}`,
    remedy: 'Add one: a seq2seq or causal model with ONNX graphs for transformers.js.',
    command: 'hydra models add SOURCE',
  })
}

function noGenerator(name: string, where: string): HydraError {
  return new HydraError('MODEL_UNSUPPORTED', {
    expected:
      'a model that writes text: …ForConditionalGeneration, …ForCausalLM or …LMHeadModel in config.json',
    got: `${JSON.stringify(name)}, which is none`,
    remedy: 'Name a generator; the list of models says which are.',
    command: 'hydra models list',
    where,
  })
}

function noOptions(name: string): HydraError {
  return new HydraError('USAGE', {
    expected: 'a generator without options in its name',
    got: name,
    remedy: 'Leave out what follows the question mark.',
  })
}
