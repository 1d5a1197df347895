import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { readSafetensors, type Tensor, writeSafetensors } from '../formats/safetensors'
import type { Parameters } from '../hypernet/parameters'
import { firstNonFinite } from '../numeric/finite'
import type { TrainedWeights, TrainingPoint, TrainingState } from './training-state'

/** Whose state a file is: a state is resumed by the same trained system (`arm` in the file); on another backend the last digits differ. */
export interface StateOwner {
  readonly arm: string
  readonly backend: string
  /** Seconds trained so far. */
  readonly seconds: number
}

const FORMAT = 'hydra-training'
const SOUND_FORMAT = 'hydra-sound'
const BEST_FORMAT = 'hydra-best'
/** Version 1 did not name a sound point. */
const STATE_VERSIONS = ['1', '2']

/** The state without its best weights and its sound point, which change seldom and lie in files of their own. */
export function encodeState(state: TrainingState, owner: StateOwner): Uint8Array {
  const { best, sound } = state
  return writeSafetensors(pointTensors(state), {
    format: FORMAT,
    version: '2',
    owner: JSON.stringify(owner),
    progress: JSON.stringify(state.progress),
    best: JSON.stringify(best && { step: best.step, dev: best.dev }),
    sound: JSON.stringify(sound && { step: sound.progress.step }),
  })
}

/** Where a training goes back to after a setback, for a file of its own. */
export function encodeSound(point: TrainingPoint): Uint8Array {
  const progress = JSON.stringify(point.progress)
  return writeSafetensors(pointTensors(point), { format: SOUND_FORMAT, version: '1', progress })
}

function pointTensors({ parameters, optimizer }: TrainingPoint): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {}
  parameters.forEach(({ name, shape, data }, p) => {
    tensors[`weights/${name}`] = { dtype: 'F32', shape, data }
    tensors[`first/${name}`] = { dtype: 'F32', shape, data: optimizer.first[p] }
    tensors[`second/${name}`] = { dtype: 'F32', shape, data: optimizer.second[p] }
  })
  return tensors
}

export function encodeBest({ parameters, step, dev }: TrainedWeights): Uint8Array {
  const tensors = parameters.map(({ name, shape, data }) => [
    `weights/${name}`,
    { dtype: 'F32', shape, data },
  ])
  return writeSafetensors(Object.fromEntries(tensors) as Record<string, Tensor>, {
    format: BEST_FORMAT,
    version: '1',
    step: String(step),
    dev: String(dev),
  })
}

export interface SavedState {
  readonly owner: StateOwner
  /** Without its best weights and its sound point. */
  readonly state: TrainingState
  /** The step of the best weights, which lie in the file of that step. */
  readonly bestStep: number | null
  /** The step of the sound point, likewise; null in a file of version 1, which goes back no further than to itself. */
  readonly soundStep: number | null
}

/** @param like the network's parameters: what must be in the file  @param where the file, for error texts */
export function decodeState(bytes: Uint8Array, like: Parameters, where: string): SavedState {
  const { tensors, metadata } = readSafetensors(bytes, where)
  requireFormat(metadata, FORMAT, where, STATE_VERSIONS)
  const stepOf = (name: string) =>
    metadata[name] === undefined ? null : (readJson(metadata, name, keptSchema, where)?.step ?? null)
  return {
    owner: readJson(metadata, 'owner', ownerSchema, where),
    bestStep: stepOf('best'),
    soundStep: stepOf('sound'),
    state: { ...readPoint(tensors, metadata, like, where), best: null, sound: null },
  }
}

export function decodeSound(bytes: Uint8Array, like: Parameters, where: string): TrainingPoint {
  const { tensors, metadata } = readSafetensors(bytes, where)
  requireFormat(metadata, SOUND_FORMAT, where)
  return readPoint(tensors, metadata, like, where)
}

const count = z.number().int().min(0)
const keptSchema = z.object({ step: count }).nullable()
const ownerSchema = z.object({ arm: z.string(), backend: z.string(), seconds: z.number() })
const word = z.number().int()
const progressSchema = z.object({
  step: count,
  random: z.tuple([word, word, word, word]),
  bestDev: z.number().nullable(),
  sinceBest: count,
  rateFactor: z.number().positive(),
  setbacks: count,
  startDev: z.number().nullable(),
  firstLoss: z.number().nullable(),
  lossSum: z.number(),
  lossCount: count,
})

function readPoint(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
  like: Parameters,
  where: string,
): TrainingPoint {
  return {
    parameters: readWeights(tensors, 'weights/', like, where),
    optimizer: {
      first: readWeights(tensors, 'first/', like, where).map(({ data }) => data),
      second: readWeights(tensors, 'second/', like, where).map(({ data }) => data),
    },
    progress: readJson(metadata, 'progress', progressSchema, where),
  }
}

/** A NaN becomes null in JSON, so the schema refuses it, too. */
function readJson<T>(
  metadata: Readonly<Record<string, string>>,
  name: string,
  schema: z.ZodType<T>,
  where: string,
): T {
  try {
    return schema.parse(JSON.parse(metadata[name]))
  } catch {
    throw invalid(where, `${name} of a training, its numbers finite`, metadata[name] ?? 'none')
  }
}

export function decodeBest(bytes: Uint8Array, like: Parameters, where: string): TrainedWeights {
  const { tensors, metadata } = readSafetensors(bytes, where)
  requireFormat(metadata, BEST_FORMAT, where)
  return {
    parameters: readWeights(tensors, 'weights/', like, where),
    step: readJson(metadata, 'step', count, where),
    dev: readJson(metadata, 'dev', z.number(), where),
  }
}

/** Copies: what is read here is trained on, and the file's bytes are let go. */
function readWeights(
  tensors: Readonly<Record<string, Tensor>>,
  prefix: string,
  like: Parameters,
  where: string,
): Parameters {
  return like.map((parameter) => {
    const tensor = tensors[`${prefix}${parameter.name}`]
    if (tensor?.dtype !== 'F32' || tensor.shape.join() !== parameter.shape.join()) {
      const got = tensor ? `${tensor.dtype} [${tensor.shape}]` : 'no such tensor'
      throw invalid(where, `${prefix}${parameter.name} F32 [${parameter.shape}]`, got)
    }
    const ill = firstNonFinite(tensor.data)
    if (ill) throw invalid(where, `${prefix}${parameter.name} of finite numbers`, ill)
    return { ...parameter, data: tensor.data.slice() }
  })
}

function requireFormat(
  metadata: Readonly<Record<string, string>>,
  format: string,
  where: string,
  versions: readonly string[] = ['1'],
): void {
  if (metadata.format === format && versions.includes(metadata.version)) return
  const got = `${metadata.format ?? 'another format'} ${metadata.version ?? ''}`
  throw invalid(where, `a ${format} file of version ${versions.join(' or ')}`, got)
}

function invalid(where: string, expected: string, got: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected,
    got,
    remedy: 'Delete this file, then resume: its network is trained anew.',
    where,
  })
}
