import { createHash } from 'node:crypto'
import type { CompiledCard, CompileSpec } from '../../../shared/serving/api-schemas'
import { PARITY_BOUND } from '../../engine/exporting/certificate'
import type { HeadPair } from '../../engine/exporting/head-file'
import { expertFit } from '../../engine/hypernet/experts/expert-fit'
import type { AffineHead } from '../../engine/hypernet/head'
import { exportMaterial } from '../exporting/export-material'
import type { OperationContext } from '../operation'

/** A card's heads, folded, and what is said of them. */
export interface CompiledHeads {
  readonly heads: HeadPair
  readonly about: Omit<CompiledCard, 'cached'>
}

/** Compiled once for as long as the session keeps it, by all that the heads depend on; `cached`: it was there. */
export async function compiledHeads(
  run: string,
  { card, collection, handOut }: CompileSpec,
  context: OperationContext,
): Promise<CompiledHeads & { readonly cached: boolean }> {
  let cached = true
  const name = JSON.stringify([context.workspace, run, card, collection, handOut])
  const compiled = await context.warm.compiledHeads(name, () => {
    cached = false
    return compile(run, { card, collection, handOut }, context)
  })
  return { ...compiled, cached }
}

async function compile(
  run: string,
  { card: choice, collection: dataset, handOut }: CompileSpec,
  context: OperationContext,
): Promise<CompiledHeads> {
  const material = await exportMaterial({ run, choice, dataset, handOut }, context)
  const { heads, origin, probes, experts } = material
  return {
    heads,
    about: {
      run,
      collection: origin.dataset,
      card: origin.card.id,
      encoder: {
        id: origin.encoder,
        sha256: origin.encoderSha256,
        dimensions: probes.vectors.columns,
      },
      handedOut: origin.handedOut!,
      experts,
      fit: expertFit(experts),
      head: describeHead(heads.head),
      documents: heads.documents && describeHead(heads.documents),
      certificate: {
        probes: probes.texts.length,
        difference: origin.parity,
        bound: PARITY_BOUND,
      },
    },
  }
}

function describeHead({ weight, bias, norm }: AffineHead): CompiledCard['head'] {
  const hash = createHash('sha256')
  for (const part of [weight.data, bias, ...(norm ? [norm.scale, norm.shift] : [])])
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  return {
    weight: [weight.rows, weight.columns],
    bias: [bias.length],
    layerNorm: norm !== undefined,
    sha256: hash.digest('hex'),
  }
}
