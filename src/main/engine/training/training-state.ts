import { createHash } from 'node:crypto'
import { HydraError } from '../../../shared/errors'
import { readSafetensors, type Tensor, writeSafetensors } from '../formats/safetensors'
import type { Parameters } from '../hypernet/parameters'
import { type AdamWState, createAdamWState } from './adamw'

/** Weights that a training may end with. */
export interface TrainedWeights {
  readonly parameters: Parameters
  /** The step whose weights these are, counted from 1. */
  readonly step: number
  readonly dev: number
}

/** Where a training stands, besides its arrays. Plain JSON: JavaScript writes and reads every float64 exactly. */
export interface TrainingProgress {
  /** Steps done. */
  step: number
  /** Words of the sampling stream. Samplers keep nothing else from draw to draw, nor does any loss. */
  random: [number, number, number, number]
  /** The best dev measure so far; null before the first. The start does not count. */
  bestDev: number | null
  /** Dev measurements since the best one. */
  sinceBest: number
  /** What the learning rate is multiplied with: halved at each setback. */
  rateFactor: number
  setbacks: number
  /** The dev measure of the untrained network; null before it is taken. */
  startDev: number | null
  /** Loss of the first step. */
  firstLoss: number | null
  /** Sum and number of the losses since the last dev measurement. */
  lossSum: number
  lossCount: number
}

/** All that the next step depends on, and the best weights so far. */
export interface TrainingState {
  readonly parameters: Parameters
  readonly optimizer: AdamWState
  progress: TrainingProgress
  best: TrainedWeights | null
}

/** Whose state a file is: a state is resumed by the same trained system (`arm` in the file); on another backend the last digits differ. */
export interface StateOwner {
  readonly arm: string
  readonly backend: string
  /** Seconds trained so far. */
  readonly seconds: number
}

export function startState(parameters: Parameters, random: TrainingProgress['random']): TrainingState {
  return {
    parameters,
    optimizer: createAdamWState(parameters),
    best: null,
    progress: {
      step: 0,
      random,
      bestDev: null,
      sinceBest: 0,
      rateFactor: 1,
      setbacks: 0,
      startDev: null,
      firstLoss: null,
      lossSum: 0,
      lossCount: 0,
    },
  }
}

/** A copy that later steps don't reach. The best weights are never changed in place, so they are shared. */
export function copyState(state: TrainingState): TrainingState {
  const { first, second } = state.optimizer
  const copy = (arrays: readonly Float32Array[]) => arrays.map((array) => array.slice())
  return {
    parameters: copyParameters(state.parameters),
    optimizer: { first: copy(first), second: copy(second) },
    progress: { ...state.progress },
    best: state.best,
  }
}

/** Writes weights, moments and progress of one state over another's, in place. */
export function restoreState(state: TrainingState, from: TrainingState): void {
  state.parameters.forEach(({ data }, p) => {
    data.set(from.parameters[p].data)
    state.optimizer.first[p].set(from.optimizer.first[p])
    state.optimizer.second[p].set(from.optimizer.second[p])
  })
  state.progress = { ...from.progress }
  state.best = from.best
}

export function copyParameters(parameters: Parameters): Parameters {
  return parameters.map((parameter) => ({ ...parameter, data: parameter.data.slice() }))
}

/** sha256 over names, shapes and little-endian values, in order: equal for equal weights and for nothing else. */
export function weightsHash(parameters: Parameters): string {
  const hash = createHash('sha256')
  for (const { name, shape, data } of parameters) {
    hash.update(`${name} ${shape.join('x')}\n`)
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  return hash.digest('hex')
}

const FORMAT = 'hydra-training'
const BEST_FORMAT = 'hydra-best'

/** The state without its best weights, which change seldom and lie in a file of their own. */
export function encodeState(state: TrainingState, owner: StateOwner): Uint8Array {
  const tensors: Record<string, Tensor> = {}
  state.parameters.forEach(({ name, shape, data }, p) => {
    tensors[`weights/${name}`] = { dtype: 'F32', shape, data }
    tensors[`first/${name}`] = { dtype: 'F32', shape, data: state.optimizer.first[p] }
    tensors[`second/${name}`] = { dtype: 'F32', shape, data: state.optimizer.second[p] }
  })
  const best = state.best && { step: state.best.step, dev: state.best.dev }
  return writeSafetensors(tensors, {
    format: FORMAT,
    version: '1',
    owner: JSON.stringify(owner),
    progress: JSON.stringify(state.progress),
    best: JSON.stringify(best),
  })
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
  /** Without its best weights. */
  readonly state: TrainingState
  /** The step of the best weights, which lie in the file of that step. */
  readonly bestStep: number | null
}

/** @param like the network's parameters: what must be in the file  @param where the file, for error texts */
export function decodeState(bytes: Uint8Array, like: Parameters, where: string): SavedState {
  const { tensors, metadata } = readSafetensors(bytes, where)
  requireFormat(metadata, FORMAT, where)
  const best = JSON.parse(metadata.best) as { step: number } | null
  return {
    owner: JSON.parse(metadata.owner) as StateOwner,
    bestStep: best === null ? null : best.step,
    state: {
      parameters: readWeights(tensors, 'weights/', like, where),
      optimizer: {
        first: readWeights(tensors, 'first/', like, where).map(({ data }) => data),
        second: readWeights(tensors, 'second/', like, where).map(({ data }) => data),
      },
      progress: JSON.parse(metadata.progress) as TrainingProgress,
      best: null,
    },
  }
}

export function decodeBest(bytes: Uint8Array, like: Parameters, where: string): TrainedWeights {
  const { tensors, metadata } = readSafetensors(bytes, where)
  requireFormat(metadata, BEST_FORMAT, where)
  return {
    parameters: readWeights(tensors, 'weights/', like, where),
    step: Number(metadata.step),
    dev: Number(metadata.dev),
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
    return { ...parameter, data: tensor.data.slice() }
  })
}

function requireFormat(metadata: Readonly<Record<string, string>>, format: string, where: string): void {
  if (metadata.format === format && metadata.version === '1') return
  const got = `${metadata.format ?? 'another format'} ${metadata.version ?? ''}`
  throw invalid(where, `a ${format} file of version 1`, got)
}

function invalid(where: string, expected: string, got: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected,
    got,
    remedy: 'Delete this file, then resume: its network is trained anew.',
    where,
  })
}
