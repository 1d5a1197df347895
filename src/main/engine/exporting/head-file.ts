import { HydraError } from '../../../shared/errors'
import { cardSchema, type TaskCard } from '../../../shared/schemas/card'
import { readSafetensors, type Tensor, writeSafetensors } from '../formats/safetensors'
import type { AffineHead } from '../hypernet/head'
import { createMatrix } from '../numeric/matrix'

const FORMAT = 'hydra-head'

/** Where a head came from, and all that a stranger needs to use it. */
export interface HeadOrigin {
  readonly run: string
  readonly dataset: string
  readonly card: TaskCard
  readonly encoder: string
  readonly encoderSha256: string
  /** Greatest absolute difference to the unfolded network over the probe queries at export. */
  readonly parity: number
}

/** The heads of one card. Without one for the documents these stay the encoder's vectors. */
export interface HeadPair {
  readonly head: AffineHead
  readonly documents: AffineHead | null
}

const DOCUMENTS = 'documents.'

/**
 * A compiled head as safetensors: W [outputs, d] in torch.nn.Linear's layout (row i makes output i) and b [outputs], with
 * f(x) = normalize(W·x + b) for the L2-normalised query vector x; a head with layer normalisation adds norm.scale and
 * norm.shift [outputs]. Where documents have a head too, its tensors are called documents.W and so on.
 */
export function encodeHead({ head, documents }: HeadPair, origin: HeadOrigin): Uint8Array {
  return writeSafetensors(
    { ...headTensors(head, ''), ...(documents ? headTensors(documents, DOCUMENTS) : {}) },
    {
      format: FORMAT,
      version: '1',
      formula: formulaOf(head, documents),
      run: origin.run,
      dataset: origin.dataset,
      card: JSON.stringify(origin.card),
      encoder: origin.encoder,
      encoderSha256: origin.encoderSha256,
      parity: String(origin.parity),
    },
  )
}

function headTensors({ weight, bias, norm }: AffineHead, prefix: string): Record<string, Tensor> {
  const vector = (data: Float32Array): Tensor => ({ dtype: 'F32', shape: [data.length], data })
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

/** @param where the file, for error texts */
export function decodeHead(bytes: Uint8Array, where: string): HeadPair & { readonly origin: HeadOrigin } {
  const { tensors, metadata } = readSafetensors(bytes, where)
  if (metadata.format !== FORMAT || !tensors.W || !tensors.b) {
    throw invalid(
      where,
      'a head exported by this workbench (tensors W and b)',
      metadata.format ?? Object.keys(tensors).join(', '),
    )
  }
  return {
    head: readHead(tensors, '', where),
    documents: tensors[`${DOCUMENTS}W`] ? readHead(tensors, DOCUMENTS, where) : null,
    origin: {
      run: metadata.run,
      dataset: metadata.dataset,
      card: cardSchema.parse(JSON.parse(metadata.card)),
      encoder: metadata.encoder,
      encoderSha256: metadata.encoderSha256,
      parity: Number(metadata.parity),
    },
  }
}

function readHead(tensors: Readonly<Record<string, Tensor>>, prefix: string, where: string): AffineHead {
  const weight = tensors[`${prefix}W`]
  if (weight.dtype !== 'F32' || weight.shape.length !== 2) {
    throw invalid(where, `${prefix}W F32 [outputs, d]`, `${weight.dtype} [${weight.shape}]`)
  }
  const [outputs, d] = weight.shape
  const vector = (name: string): Float32Array => {
    const tensor = tensors[`${prefix}${name}`]
    if (tensor?.dtype !== 'F32' || tensor.shape.join() !== String(outputs)) {
      const got = tensor ? `${tensor.dtype} [${tensor.shape}]` : 'no such tensor'
      throw invalid(where, `${prefix}${name} F32 [${outputs}]`, got)
    }
    return tensor.data
  }
  const normed = Object.hasOwn(tensors, `${prefix}norm.scale`)
  return {
    weight: createMatrix(outputs, d, weight.data),
    bias: vector('b'),
    ...(normed && { norm: { scale: vector('norm.scale'), shift: vector('norm.shift') } }),
  }
}

function invalid(where: string, expected: string, got: string): HydraError {
  return new HydraError('HEAD_INVALID', {
    expected,
    got: got || 'a file without tensors',
    remedy: 'Export the head again with `hydra export RUN --task TASK --format safetensors --out DIR`.',
    where,
  })
}
