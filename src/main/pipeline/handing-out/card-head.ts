import type { HandOutChoice } from '../../../shared/handed-heads'
import type { CardChoice, TaskCard } from '../../../shared/schemas/card'
import type { CardExperts } from '../../../shared/schemas/card-experts'
import type { HandedHead, HandedShare } from '../../../shared/schemas/runs/hand-out'
import type { Encoder } from '../../engine/encoders/encoder'
import { expertFit } from '../../engine/hypernet/experts/expert-fit'
import { type Checkpoint, cardMeans, requireCorpus } from '../../engine/training/checkpoint'
import { readHandOut } from '../../workspace/runs/run-hand-out'
import type { OperationContext } from '../operation'
import { chosenCard, datasetOf, encodeCard } from '../playground/card-choice'
import type { WarmCorpus } from '../playground/warm-engine'
import { fitted, handedChoice } from './handed-choice'
import { type HandedPair, handedHead } from './handed-head'

export interface CardHeadRequest {
  readonly run: string
  readonly choice: CardChoice
  /** The corpus; that of the choice, or the run's only one, unless said. */
  readonly dataset?: string
  readonly handOut: HandOutChoice
}

interface CardHead {
  readonly dataset: string
  readonly card: TaskCard
  readonly encoder: Encoder
  readonly checkpoint: Checkpoint
  readonly corpus: WarmCorpus
  readonly handed: HandedPair
  readonly chosen: HandedHead
  /** BM25 that belongs beside it; null: it belongs alone. */
  readonly bm25: HandedShare | null
  /** Which head it is, and why. */
  readonly words: string
  /** Of the task card's head, whether that is handed out or not; null for a run without. */
  readonly experts: CardExperts | null
}

/** The head that a run hands out for a card on a corpus, ready to be folded or applied. */
export async function cardHead(
  { run, choice, dataset: asked, handOut: asksFor }: CardHeadRequest,
  context: OperationContext,
): Promise<CardHead> {
  const { warm } = context
  const trained = await warm.network(run, context)
  const { run: record, checkpoint } = trained
  const dataset = asked ?? datasetOf(choice, checkpoint.corpusMeans)
  requireCorpus(checkpoint, dataset)
  const encoder = await warm.encoder(checkpoint.encoder, context)
  const corpus = await warm.corpus(dataset, record.request.seed, encoder, context)
  const card = chosenCard(choice, corpus.encoded.collection)
  const vectors = await encodeCard(card, checkpoint, corpus, encoder)
  const handOut = await readHandOut(context.workspace, run)
  const ruled = handedChoice({
    run: record,
    handOut,
    task: 'task' in choice ? choice.task : null,
    examples: card.examples.length,
    asked: asksFor,
  })
  const experts = trained.network.experts(vectors, cardMeans(checkpoint, corpus.encoded))
  const { head: chosen, bm25, words } = fitted(ruled, expertFit(experts))
  const handed = await handedHead(chosen, vectors, { trained, corpus, handOut }, context)
  return { dataset, card, encoder, checkpoint, corpus, handed, chosen, bm25, words, experts }
}
