import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { cardSchema, type TaskCard } from '../../../shared/schemas/card'
import { handedHeadSchema, handedShareSchema } from '../../../shared/schemas/runs/hand-out'
import { FLOAT_DTYPES, isFloatDtype, readFloats } from '../formats/floats'
import {
  readSafetensorsHeader,
  type Tensor,
  type TensorEntry,
  writeSafetensors,
} from '../formats/safetensors'
import type { AffineHead } from '../hypernet/head'
import { firstNonFinite } from '../numeric/finite'
import { createMatrix } from '../numeric/matrix'

const FORMAT = 'hydra-head'

/** Where a head came from, and all that a stranger needs to use it. */
export interface HeadOrigin {
  readonly run: string
  readonly dataset: string
  readonly card: TaskCard
  readonly encoder: string
  readonly encoderSha256: string
  /** Model and address, where a service runs the encoder. */
  readonly encoderService?: string
  /** Which head it is, and the sentence that says why; absent in files of before there was a rule: the task card's. */
  readonly handedOut?: HandedOut
  /** Greatest absolute difference to the unfolded network over the probe queries at export. */
  readonly parity: number
}

export const handedOutSchema = handedHeadSchema.extend({
  /** BM25 that belongs beside the head; absent where it belongs alone. */
  bm25: handedShareSchema.optional(),
  words: z.string(),
})
type HandedOut = z.infer<typeof handedOutSchema>

/** The heads of one card. Without one for the documents these stay the encoder's vectors. */
export interface HeadPair {
  readonly head: AffineHead
  readonly documents: AffineHead | null
}

const DOCUMENTS = 'documents.'
const TENSORS = ['W', 'b', 'norm.scale', 'norm.shift'] as const

/**
 * A compiled head as safetensors: W [outputs, d] in torch.nn.Linear's layout (row i makes output i) and b [outputs], with
 * f(x) = normalize(W·x + b) for the L2-normalised query vector x; a head with layer normalisation adds norm.scale and
 * norm.shift [outputs]. Where documents have a head too, its tensors are called documents.W and so on.
 */
export function encodeHead(heads: HeadPair, origin: HeadOrigin): Uint8Array {
  return writeSafetensors(headTensors(heads), headMetadata(heads, origin))
}

/** What a file of the head says beside its tensors. */
export function headMetadata({ head, documents }: HeadPair, origin: HeadOrigin): Record<string, string> {
  return {
    format: FORMAT,
    version: '1',
    formula: formulaOf(head, documents),
    run: origin.run,
    dataset: origin.dataset,
    card: JSON.stringify(origin.card),
    encoder: origin.encoder,
    encoderSha256: origin.encoderSha256,
    ...(origin.encoderService ? { encoderService: origin.encoderService } : {}),
    ...(origin.handedOut ? { handedOut: JSON.stringify(origin.handedOut) } : {}),
    parity: String(origin.parity),
  }
}

/** A head as a file holds it. @throws HEAD_INVALID where a number is none */
export function headTensors({ head, documents }: HeadPair): Record<string, FloatTensor> {
  return { ...tensorsOf(head, ''), ...(documents ? tensorsOf(documents, DOCUMENTS) : {}) }
}

type FloatTensor = Extract<Tensor, { dtype: 'F32' }>

function tensorsOf({ weight, bias, norm }: AffineHead, prefix: string): Record<string, FloatTensor> {
  const vector = (data: Float32Array): FloatTensor => ({ dtype: 'F32', shape: [data.length], data })
  for (const [name, data] of Object.entries({ W: weight.data, b: bias, ...norm })) {
    const ill = firstNonFinite(data)
    if (ill) throw unsound(`${prefix}${name}`, ill)
  }
  return {
    [`${prefix}W`]: { dtype: 'F32', shape: [weight.rows, weight.columns], data: weight.data },
    [`${prefix}b`]: vector(bias),
    ...(norm && { [`${prefix}norm.scale`]: vector(norm.scale), [`${prefix}norm.shift`]: vector(norm.shift) }),
  }
}

function formulaOf(head: AffineHead, documents: AffineHead | null): string {
  const inner = head.norm ? 'layer_norm(W @ x + b, eps=1e-5) * norm.scale + norm.shift' : 'W @ x + b'
  const others = documents ? 'documents likewise, with the tensors documents.*' : 'documents are not changed'
  return `normalize(${inner}), x the L2-normalised query vector of the encoder; ${others}`
}

export interface DecodedHead extends HeadPair {
  readonly origin: HeadOrigin
  /** Unit roundoff of the coarsest float that its tensors are stored in: 2⁻²⁴ as the workbench writes them. */
  readonly roundoff: number
}

/**
 * Heads are read in any float: others store them in half precision.
 * @param where the file, for error texts
 */
export function decodeHead(bytes: Uint8Array, where: string): DecodedHead {
  const { tensors, metadata } = readSafetensorsHeader(bytes, where)
  const { origin, documents } = readHeadHeader({ tensors, metadata }, where)
  const read = (prefix: string) => readHead(bytes, tensors, prefix, where)
  const used = ['', DOCUMENTS].flatMap((prefix) => TENSORS.map((name) => tensors[prefix + name]?.dtype))
  return {
    head: read(''),
    documents: documents ? read(DOCUMENTS) : null,
    roundoff: Math.max(...used.map((dtype) => (dtype && isFloatDtype(dtype) ? FLOAT_DTYPES[dtype] : 0))),
    origin,
  }
}

/** What the header of a head file says. @throws HEAD_INVALID */
export function readHeadHeader(
  { tensors, metadata }: Pick<ReturnType<typeof readSafetensorsHeader>, 'tensors' | 'metadata'>,
  where: string,
): { origin: HeadOrigin; shape: readonly number[]; documents: boolean } {
  if (metadata.format !== FORMAT || !tensors.W || !tensors.b) {
    throw invalid(
      where,
      'a head exported by this workbench (tensors W and b)',
      metadata.format ?? Object.keys(tensors).join(', '),
    )
  }
  const origin = readOrigin(metadata, where)
  return { origin, shape: tensors.W.shape, documents: tensors[`${DOCUMENTS}W`] !== undefined }
}

const originSchema = z.object({
  run: z.string(),
  dataset: z.string(),
  card: cardSchema,
  encoder: z.string(),
  encoderSha256: z.string(),
  handedOut: handedOutSchema.optional(),
  parity: z.number(),
})

function readOrigin(metadata: Readonly<Record<string, string>>, where: string): HeadOrigin {
  try {
    return originSchema.parse({
      ...metadata,
      card: JSON.parse(metadata.card),
      handedOut: metadata.handedOut === undefined ? undefined : JSON.parse(metadata.handedOut),
      parity: Number(metadata.parity),
    })
  } catch (error) {
    const got = error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : String(error)
    throw invalid(where, 'metadata run, dataset, card, encoder, encoderSha256 and parity', got)
  }
}

function readHead(
  bytes: Uint8Array,
  tensors: Readonly<Record<string, TensorEntry>>,
  prefix: string,
  where: string,
): AffineHead {
  const floats = (name: string, shape: readonly number[] | null): Float32Array => {
    const entry = tensors[prefix + name]
    const { dtype = '' } = entry ?? {}
    const fits = entry && (shape === null ? entry.shape.length === 2 : entry.shape.join() === shape.join())
    if (!fits || !isFloatDtype(dtype)) {
      const expected = `${prefix}${name} [${shape ?? 'outputs, d'}] of dtype ${Object.keys(FLOAT_DTYPES).join(', ')}`
      throw invalid(where, expected, entry ? `${dtype} [${entry.shape}]` : 'no such tensor')
    }
    const values = readFloats(bytes, { ...entry, dtype })
    const ill = firstNonFinite(values)
    if (ill) throw invalid(where, `${prefix}${name} of finite numbers`, ill)
    return values
  }
  const weight = floats('W', null)
  const [outputs, d] = tensors[`${prefix}W`].shape
  const normed = Object.hasOwn(tensors, `${prefix}norm.scale`)
  return {
    weight: createMatrix(outputs, d, weight),
    bias: floats('b', [outputs]),
    ...(normed && {
      norm: { scale: floats('norm.scale', [outputs]), shift: floats('norm.shift', [outputs]) },
    }),
  }
}

function invalid(where: string, expected: string, got: string): HydraError {
  return new HydraError('HEAD_INVALID', {
    expected,
    got: got || 'a file without tensors',
    remedy: 'Export the head again.',
    command: 'hydra export RUN --task TASK --format safetensors --out DIR',
    where,
  })
}

/** Nothing of such a head is worth a file. */
function unsound(name: string, got: string): HydraError {
  return new HydraError('HEAD_INVALID', {
    expected: `${name} of finite numbers`,
    got,
    remedy: 'The card or the trained weights are not sound: train the run again.',
  })
}
