import { HydraError } from '../../../shared/errors'
import type { CardMeans } from '../hypernet/card-vectors'
import { type NetworkShape, PARAMETER_NAMES, type Parameters, parameterShapes } from '../hypernet/parameters'
import { readSafetensors, type Tensor, writeSafetensors } from '../numeric/safetensors'
import type { TrainedNetwork } from './trainer'

/** A trained network with all that it takes to compile a card nobody had in mind when it was trained. */
export interface Checkpoint extends TrainedNetwork {
  readonly arm: string
  /** How cards without examples are completed (recipe). */
  readonly feedbackWeight: number
  readonly encoder: string
  /** sha256 of the encoder's weights: vectors of another encoder mean nothing to these weights. */
  readonly encoderSha256: string
  /** [d] */
  readonly descriptionMean: Float32Array
  /** Per dataset id, [d] each. */
  readonly corpusMeans: ReadonlyMap<
    string,
    { readonly queries: Float32Array; readonly documents: Float32Array }
  >
}

const FORMAT = 'hydra-network'

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const d = checkpoint.shape.dimensions
  const vector = (data: Float32Array): Tensor => ({ dtype: 'F32', shape: [d], data })
  const tensors: Record<string, Tensor> = { 'mean/description': vector(checkpoint.descriptionMean) }
  for (const { name, shape, data } of checkpoint.parameters) tensors[name] = { dtype: 'F32', shape, data }
  for (const [dataset, means] of checkpoint.corpusMeans) {
    tensors[`mean/queries/${dataset}`] = vector(means.queries)
    tensors[`mean/documents/${dataset}`] = vector(means.documents)
  }
  return writeSafetensors(tensors, {
    format: FORMAT,
    version: '1',
    arm: checkpoint.arm,
    step: String(checkpoint.step),
    dev: String(checkpoint.dev),
    shape: JSON.stringify(checkpoint.shape),
    feedbackWeight: String(checkpoint.feedbackWeight),
    encoder: checkpoint.encoder,
    encoderSha256: checkpoint.encoderSha256,
    datasets: JSON.stringify([...checkpoint.corpusMeans.keys()]),
  })
}

/** @param where the file, for error texts */
export function decodeCheckpoint(bytes: Uint8Array, where: string): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes, where)
  if (metadata.format !== FORMAT || metadata.version !== '1') {
    throw invalid(
      where,
      `a ${FORMAT} file of version 1`,
      `${metadata.format ?? 'another format'} ${metadata.version ?? ''}`,
    )
  }
  const shape = JSON.parse(metadata.shape) as NetworkShape
  const shapes = parameterShapes(shape)
  const floats = (name: string, size: readonly number[]): Float32Array => {
    const tensor = tensors[name]
    if (tensor?.dtype !== 'F32' || tensor.shape.join() !== size.join()) {
      throw invalid(
        where,
        `${name} F32 [${size}]`,
        tensor ? `${tensor.dtype} [${tensor.shape}]` : 'no such tensor',
      )
    }
    return tensor.data
  }
  const mean = (name: string) => floats(`mean/${name}`, [shape.dimensions])
  const parameters: Parameters = PARAMETER_NAMES.map((name) => ({
    name,
    shape: shapes[name],
    data: floats(name, shapes[name]),
  }))
  const datasets = JSON.parse(metadata.datasets) as string[]
  return {
    shape,
    parameters,
    step: Number(metadata.step),
    dev: Number(metadata.dev),
    arm: metadata.arm,
    feedbackWeight: Number(metadata.feedbackWeight),
    encoder: metadata.encoder,
    encoderSha256: metadata.encoderSha256,
    descriptionMean: mean('description'),
    corpusMeans: new Map(
      datasets.map((id) => [id, { queries: mean(`queries/${id}`), documents: mean(`documents/${id}`) }]),
    ),
  }
}

/** What cards are centred on when the given corpus is searched. */
export function cardMeans(checkpoint: Checkpoint, dataset: string): CardMeans {
  const corpus = checkpoint.corpusMeans.get(dataset)
  if (!corpus) {
    throw new HydraError('DATASET_UNKNOWN', {
      expected: `a dataset that the run was trained on: ${[...checkpoint.corpusMeans.keys()].join(', ')}`,
      got: dataset,
      remedy: 'Search one of these, or train a run on this dataset.',
    })
  }
  return { description: checkpoint.descriptionMean, ...corpus }
}

function invalid(where: string, expected: string, got: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected,
    got,
    remedy: 'Train the run again: its checkpoint is damaged.',
    where,
  })
}
