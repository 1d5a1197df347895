import type { CompilerParts, HandedCase } from '../../../../src/main/engine/exporting/compiler/compiler-graph'
import type { CardMeans } from '../../../../src/main/engine/hypernet/card-vectors'
import type { NetworkDescription } from '../../../../src/main/engine/hypernet/network'
import type { Parameters } from '../../../../src/main/engine/hypernet/parameters'
import type { Checkpoint } from '../../../../src/main/engine/training/checkpoint'
import type { HandedHead } from '../../../../src/shared/schemas/runs/hand-out'

/** A network as a checkpoint of a run on one corpus. */
export function madeCheckpoint(
  description: NetworkDescription,
  parameters: Parameters,
  { description: descriptionMean, queries, documents }: CardMeans,
): Checkpoint {
  return {
    description,
    parameters,
    step: 0,
    dev: 0,
    system: 'task card',
    feedbackWeight: 0.5,
    encoder: 'made',
    encoderSha256: '',
    descriptionMean,
    corpusMeans: new Map([['harbour', { queries, documents }]]),
  }
}

export function handedCase(head: HandedHead, bm25: HandedCase['bm25'] = null): HandedCase {
  return { head, bm25, words: head.head }
}

export const AS_TRAINED: CompilerParts['handedOut'] = {
  withExamples: handedCase({ head: 'task card', strength: 1 }),
  withoutExamples: handedCase({ head: 'task card', strength: 1 }),
}
