import { cardSchema, type TaskCard } from '../../../shared/card'
import { HydraError } from '../../../shared/errors'
import type { AffineHead } from '../hypernet/head'
import { createMatrix } from '../numeric/matrix'
import { readSafetensors, writeSafetensors } from '../numeric/safetensors'

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

/**
 * A compiled head as safetensors: W [d, d] in torch.nn.Linear's layout (row i makes output i) and b [d], with
 * f(x) = normalize(W·x + b) for the L2-normalised query vector x; documents stay as they are.
 */
export function encodeHead(head: AffineHead, origin: HeadOrigin): Uint8Array {
  const d = head.bias.length
  return writeSafetensors(
    {
      W: { dtype: 'F32', shape: [d, d], data: head.weight.data },
      b: { dtype: 'F32', shape: [d], data: head.bias },
    },
    {
      format: FORMAT,
      version: '1',
      formula:
        'normalize(W @ x + b), x the L2-normalised query vector of the encoder; documents are not changed',
      run: origin.run,
      dataset: origin.dataset,
      card: JSON.stringify(origin.card),
      encoder: origin.encoder,
      encoderSha256: origin.encoderSha256,
      parity: String(origin.parity),
    },
  )
}

/** @param where the file, for error texts */
export function decodeHead(bytes: Uint8Array, where: string): { head: AffineHead; origin: HeadOrigin } {
  const { tensors, metadata } = readSafetensors(bytes, where)
  const { W, b } = tensors
  if (metadata.format !== FORMAT || W?.dtype !== 'F32' || b?.dtype !== 'F32') {
    throw invalid(
      where,
      'a head exported by this workbench (tensors W and b)',
      metadata.format ?? Object.keys(tensors).join(', '),
    )
  }
  const d = b.shape[0]
  if (b.shape.length !== 1 || W.shape.join() !== `${d},${d}`) {
    throw invalid(where, 'W [d, d] and b [d]', `W [${W.shape}] and b [${b.shape}]`)
  }
  return {
    head: { weight: createMatrix(d, d, W.data), bias: b.data },
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

function invalid(where: string, expected: string, got: string): HydraError {
  return new HydraError('HEAD_INVALID', {
    expected,
    got: got || 'a file without tensors',
    remedy: 'Export the head again with `hydra export RUN --task TASK --format safetensors --out DIR`.',
    where,
  })
}
