import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { recipeSchema } from '../../../shared/schemas/run'
import { readSafetensors, type Tensor, writeSafetensors } from '../formats/safetensors'
import type { CardMeans } from '../hypernet/card-vectors'
import { createNetwork, defaultNetwork, type NetworkDescription } from '../hypernet/network'
import type { Parameters } from '../hypernet/parameters'
import { firstNonFinite } from '../numeric/finite'
import { meanOfVectors } from '../numeric/matrix'
import type { EncodedCollection } from '../preferences/encoded-collection'
import type { TrainedNetwork } from './trainer'

/** A trained network with all that it takes to compile a card nobody had in mind when it was trained. */
export interface Checkpoint extends TrainedNetwork {
  readonly system: string
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

const size = z.number().int().min(1)
const shapeSchema = z.strictObject({ dimensions: size, hidden: size, basis: size, rank: size })
const { generator, head, side, conditioning } = recipeSchema.shape
const descriptionSchema = z.strictObject({
  generator,
  head,
  side,
  conditioning,
  shape: shapeSchema,
  start: z.strictObject({ documentGain: z.number(), descriptionGain: z.number() }),
  tasks: z.array(z.string()),
  experts: z
    .strictObject({
      names: z.array(z.string()),
      of: z.array(z.number().int().min(0)),
      shared: z.boolean(),
    })
    .optional(),
})

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const d = checkpoint.description.shape.dimensions
  const vector = (data: Float32Array): Tensor => ({ dtype: 'F32', shape: [d], data })
  const tensors: Record<string, Tensor> = { 'mean/description': vector(checkpoint.descriptionMean) }
  for (const { name, shape, data } of checkpoint.parameters) tensors[name] = { dtype: 'F32', shape, data }
  for (const [dataset, means] of checkpoint.corpusMeans) {
    tensors[`mean/queries/${dataset}`] = vector(means.queries)
    tensors[`mean/documents/${dataset}`] = vector(means.documents)
  }
  return writeSafetensors(tensors, {
    format: FORMAT,
    version: '2',
    arm: checkpoint.system,
    step: String(checkpoint.step),
    dev: String(checkpoint.dev),
    network: JSON.stringify(checkpoint.description),
    feedbackWeight: String(checkpoint.feedbackWeight),
    encoder: checkpoint.encoder,
    encoderSha256: checkpoint.encoderSha256,
    datasets: JSON.stringify([...checkpoint.corpusMeans.keys()]),
  })
}

/** @param where the file, for error texts */
export function decodeCheckpoint(bytes: Uint8Array, where: string): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes, where)
  if (metadata.format !== FORMAT || !['1', '2'].includes(metadata.version)) {
    throw invalid(
      where,
      `a ${FORMAT} file of version 1 or 2`,
      `${metadata.format ?? 'another format'} ${metadata.version ?? ''}`,
    )
  }
  const description = readDescription(metadata, where)
  const floats = (name: string, size: readonly number[]): Float32Array => {
    const tensor = tensors[name]
    if (tensor?.dtype !== 'F32' || tensor.shape.join() !== size.join()) {
      throw invalid(
        where,
        `${name} F32 [${size}]`,
        tensor ? `${tensor.dtype} [${tensor.shape}]` : 'no such tensor',
      )
    }
    const ill = firstNonFinite(tensor.data)
    if (ill) throw invalid(where, `${name} of finite numbers`, ill)
    return tensor.data
  }
  const number = (name: string): number => {
    const value = Number(metadata[name] ?? Number.NaN)
    if (Number.isFinite(value)) return value
    throw invalid(where, `${name} as a finite number`, metadata[name] ?? 'none')
  }
  const mean = (name: string) => floats(`mean/${name}`, [description.shape.dimensions])
  const parameters: Parameters = createNetwork(description).parameters.map(({ name, shape, ...rest }) => ({
    name,
    shape,
    decayed: rest.decayed,
    ...(rest.fixed ? { fixed: true } : {}),
    data: floats(name, shape),
  }))
  const datasets = readDatasets(metadata, where)
  return {
    description,
    parameters,
    step: number('step'),
    dev: number('dev'),
    system: metadata.arm,
    feedbackWeight: number('feedbackWeight'),
    encoder: metadata.encoder,
    encoderSha256: metadata.encoderSha256,
    descriptionMean: mean('description'),
    corpusMeans: new Map(
      datasets.map((id) => [id, { queries: mean(`queries/${id}`), documents: mean(`documents/${id}`) }]),
    ),
  }
}

/** Version 1 knew one network only, and wrote its sizes. */
function readDescription(metadata: Readonly<Record<string, string>>, where: string): NetworkDescription {
  try {
    if (metadata.version === '1') return defaultNetwork(shapeSchema.parse(JSON.parse(metadata.shape)))
    return descriptionSchema.parse(JSON.parse(metadata.network))
  } catch (error) {
    throw invalid(
      where,
      'the description of a network',
      error instanceof Error ? error.message : String(error),
    )
  }
}

function readDatasets(metadata: Readonly<Record<string, string>>, where: string): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(metadata.datasets))
  } catch {
    throw invalid(where, 'datasets as a list of ids', metadata.datasets ?? 'none')
  }
}

/**
 * What cards are centred on when the given corpus is searched. One of which nothing was trained has its own mean document, and
 * for queries the mean over the trained corpora (centreCards).
 */
export function cardMeans(
  checkpoint: Checkpoint,
  {
    collection,
    documentMean,
  }: Pick<EncodedCollection, 'documentMean'> & { readonly collection: { readonly id: string } },
): CardMeans {
  requireCorpus(checkpoint, collection.id)
  const { descriptionMean: description, corpusMeans } = checkpoint
  const own = corpusMeans.get(collection.id)
  const knowsCorpus = checkpoint.description.conditioning.includes('corpus')
  if (own && !knowsCorpus) return { description, ...own }
  const common = (part: 'queries' | 'documents') =>
    meanOfVectors([...corpusMeans.values()].map((means) => means[part]))
  return {
    description,
    queries: common('queries'),
    documents: knowsCorpus ? common('documents') : documentMean,
  }
}

/** A network that was trained on one corpus knows no other. @throws DATASET_UNKNOWN */
export function requireCorpus({ corpusMeans }: Checkpoint, dataset: string): void {
  if (corpusMeans.has(dataset) || corpusMeans.size > 1) return
  throw new HydraError('DATASET_UNKNOWN', {
    expected: `the dataset that the run was trained on: ${[...corpusMeans.keys()].join(', ')}`,
    got: dataset,
    remedy: 'Search this one, or train a run on several.',
  })
}

function invalid(where: string, expected: string, got: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected,
    got,
    remedy: 'Train the run again: its checkpoint is damaged.',
    where,
  })
}
