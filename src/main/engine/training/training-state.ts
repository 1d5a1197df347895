import { createHash } from 'node:crypto'
import type { Parameters } from '../hypernet/parameters'
import { firstNonFinite } from '../numeric/finite'
import { type AdamWState, createAdamWState } from './adamw/adamw'

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

/** All that the next step depends on. */
export interface TrainingPoint {
  readonly parameters: Parameters
  readonly optimizer: AdamWState
  progress: TrainingProgress
}

/** Where a training stands, the best weights so far, and where it goes back to after a setback. */
export interface TrainingState extends TrainingPoint {
  best: TrainedWeights | null
  /** The last dev measurement that was sound, or the start; null until the loop has begun. Never changed in place. */
  sound: TrainingPoint | null
}

export function startState(parameters: Parameters, random: TrainingProgress['random']): TrainingState {
  return {
    parameters,
    optimizer: createAdamWState(parameters),
    best: null,
    sound: null,
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

/** A copy that later steps don't reach. */
export function copyPoint({ parameters, optimizer, progress }: TrainingPoint): TrainingPoint {
  const copy = (arrays: readonly Float32Array[]) => arrays.map((array) => array.slice())
  return {
    parameters: copyParameters(parameters),
    optimizer: { first: copy(optimizer.first), second: copy(optimizer.second) },
    progress: { ...progress },
  }
}

/** Writes weights, moments and progress of a point over the state's, in place. */
export function goBack(state: TrainingState, to: TrainingPoint): void {
  state.parameters.forEach(({ data }, p) => {
    data.set(to.parameters[p].data)
    state.optimizer.first[p].set(to.optimizer.first[p])
    state.optimizer.second[p].set(to.optimizer.second[p])
  })
  state.progress = { ...to.progress }
}

/** The first array of a point that holds a number that is none, or null: what must be neither kept nor gone on from. */
export function unsoundArray({ parameters, optimizer }: TrainingPoint): string | null {
  for (const [p, { name, data }] of parameters.entries()) {
    if (firstNonFinite(data)) return `the weights of ${name}`
    if (firstNonFinite(optimizer.first[p]) || firstNonFinite(optimizer.second[p]))
      return `the moments of ${name}`
  }
  return null
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
