import { DEFAULT_ENCODER } from '../../../shared/default-encoder'
import { USUAL_BM25_SHARE, USUAL_NORMALISATION } from '../../../shared/normalisation'
import { type CardChoice, cardText, type TaskCard } from '../../../shared/schemas/card'
import type { CardExperts } from '../../../shared/schemas/card-experts'
import type { ResolvedPlaygroundRequest } from '../../../shared/schemas/playground'
import type { HandOut } from '../../../shared/schemas/runs/hand-out'
import { type CardVectors, constantCard } from '../../engine/hypernet/card-vectors'
import { expertFit } from '../../engine/hypernet/experts/expert-fit'
import { fusionOf } from '../../engine/retrieval/fusion'
import type { Scores } from '../../engine/retrieval/top-k'
import { cardMeans } from '../../engine/training/checkpoint'
import { readHandOut } from '../../workspace/runs/run-hand-out'
import { fitted, type HandedChoice, handedChoice } from '../handing-out/handed-choice'
import { handedHead } from '../handing-out/handed-head'
import type { OperationContext } from '../operation'
import { NO_CARD } from '../training/trained-systems'
import { blendScores } from './blend-scores'
import { chosenCard, datasetOf, encodeCard } from './card-choice'
import { type HeldCard, holdCard, holdHanded } from './held-card'
import { judgmentsOf, type QueryJudgments, queryRows, taskNamed } from './judged-query'
import type { WarmCorpus, WarmNetwork } from './warm-engine'

/** Everything that a request of the playground ranks by, opened and encoded; rows of scores are made as they are asked for. */
export interface PlaygroundScores {
  /** The one asked for, or the only one that the request can mean. */
  readonly dataset: string
  readonly corpus: WarmCorpus
  readonly judged: QueryJudgments | null
  readonly card: TaskCard | null
  /** Which head it has, what stands beside it, and why. */
  readonly handedOut: HandedChoice | null
  /** The same of the other card, by the rule of its own run. */
  otherHandedOut(): Promise<HandedChoice | null>
  /** [documents] each; null where the request has no such system. */
  readonly frozen: Float32Array
  bm25(): Promise<Float32Array>
  noCard(): Promise<Float32Array | null>
  other(): Promise<Float32Array | null>
  /** The head that this card has been handed, alone, without the blend. */
  head(): Promise<Float32Array | null>
  /** Which experts make this card's head; null without a card, without experts, and where another head is handed out. */
  readonly experts: CardExperts | null
  /** The head of a card whose vectors were changed. */
  headOf(vectors: CardVectors): Promise<Float32Array>
  cardVectors(card: TaskCard): Promise<CardVectors>
  /** This card with the blend. */
  blended(): Promise<Float32Array | null>
  fused(): Promise<Scores>
  readonly encodeMs: number
}

export async function playgroundScores(
  request: ResolvedPlaygroundRequest,
  context: OperationContext,
): Promise<PlaygroundScores> {
  const { run, query, blend } = request
  const { warm } = context
  const trained = run === 'frozen' ? null : await warm.network(run, context)
  const dataset = request.dataset ?? datasetOf(request.card, trained?.checkpoint.corpusMeans)
  const encoder = await warm.encoder(trained?.checkpoint.encoder ?? DEFAULT_ENCODER, context)
  const corpus = await warm.corpus(dataset, trained?.run.request.seed ?? 1, encoder, context)
  const { collection } = corpus.encoded

  const begun = performance.now()
  const vector = await encoder.encode([query])
  const card = trained && request.card ? chosenCard(request.card, collection) : null
  // A key in the query changes no card, a key in the card no other one: what each is made of is cached by its words.
  const vectorsOf = (of: WarmNetwork, what: TaskCard) =>
    corpus.memoisedCards(wordsOf(of, what), () => encodeCard(what, of.checkpoint, corpus, encoder))
  const held = async (of: WarmNetwork, what: TaskCard): Promise<HeldCard> => {
    const vectors = await vectorsOf(of, what)
    return warm.heldCard(context, [corpus, of], wordsOf(of, what), () =>
      holdCard(of.network, vectors, cardMeans(of.checkpoint, corpus.encoded), corpus),
    )
  }
  if (card && trained) await vectorsOf(trained, card)
  const encodeMs = performance.now() - begun

  const rows = queryRows(collection, query)
  const judged = judgmentsOf(taskNamed(collection, request.judge), rows)
  // A query that is a document of the corpus itself would find itself first: the protocol leaves it out, and so do we.
  const own = rows.map((row) => collection.ownDocument[row]).filter((document) => document >= 0)
  const without = (scores: Float32Array): Float32Array => {
    for (const document of own) scores[document] = Number.NEGATIVE_INFINITY
    return scores
  }
  const expertsOf = async (of: WarmNetwork, what: TaskCard): Promise<CardExperts | null> =>
    of.network.experts(await vectorsOf(of, what), cardMeans(of.checkpoint, corpus.encoded))
  const hand = async (of: WarmNetwork, asked: CardChoice): Promise<Handed> => {
    const what = chosenCard(asked, collection)
    const handOut = await readHandOut(context.workspace, of.run.id)
    const task = 'task' in asked ? asked.task : null
    const examples = what.examples.length
    const choice = handedChoice({ run: of.run, handOut, task, examples, asked: request.handOut })
    const experts = await expertsOf(of, what)
    return { of, card: what, handOut, experts, choice: fitted(choice, expertFit(experts)) }
  }
  const handedCard = async ({ of, handOut, choice }: Handed, vectors: CardVectors) =>
    holdHanded(await handedHead(choice.head, vectors, { trained: of, corpus, handOut }, context), corpus)
  const scoreOf = async (handed: Handed) => {
    const { of, card: what, choice } = handed
    if (isWhole(choice)) return without(await (await held(of, what)).score(vector))
    const words = `${wordsOf(of, what)} ${JSON.stringify(choice.head)}`
    const vectors = await vectorsOf(of, what)
    const one = await warm.heldCard(context, [corpus, of], words, () => handedCard(handed, vectors))
    return without(await one.score(vector))
  }
  const handed = trained && request.card ? await hand(trained, request.card) : null

  const frozen = (await corpus.memoisedScores(`${query} frozen`, async () =>
    without((await corpus.index.score(vector)).data),
  ))!
  const once = <Value>(make: () => Value): (() => Value) => {
    let made: { value: Value } | null = null
    return () => {
      made ??= { value: make() }
      return made.value
    }
  }
  const bm25 = async () =>
    (await corpus.memoisedScores(`${query} BM25`, async () => without(corpus.bm25().score(query))))!
  const head = once(async () => handed && scoreOf(handed))
  const noCard = async () =>
    corpus.memoisedScores(`${query} no card ${run}`, async () => {
      const control = trained && (await warm.networkOf(run, NO_CARD, context))
      if (!control) return null
      const means = cardMeans(control.checkpoint, corpus.encoded)
      const constant = await warm.heldCard(context, [corpus, control], 'constant card', () =>
        holdCard(control.network, constantCard(means), means, corpus),
      )
      return without(await constant.score(vector))
    })
  const handedOther = once(async () => {
    if (!request.other || !trained) return null
    const { run: otherRun = run } = request.other
    return hand(otherRun === run ? trained : await warm.network(otherRun, context), request.other.card)
  })
  const other = once(async () => {
    const handed = await handedOther()
    return handed && scoreOf(handed)
  })
  const blended = once(async () => {
    const alone = await head()
    return alone && without(blendScores(frozen, alone, blend.other === 0 ? null : await other(), blend))
  })
  const fused = once(async () => {
    const dense = (await blended()) ?? frozen
    const beside = handed?.choice.bm25
    const share = blend.bm25 ?? beside?.share ?? USUAL_BM25_SHARE
    const normalisation = blend.normalisation ?? beside?.normalisation ?? USUAL_NORMALISATION
    const { tieOrder } = corpus.index
    return fusionOf([dense, await bm25()], { normalisation, tieOrder })([1 - share, share])
  })
  return {
    dataset,
    corpus,
    judged,
    card,
    handedOut: handed?.choice ?? null,
    otherHandedOut: async () => (await handedOther())?.choice ?? null,
    frozen,
    bm25,
    noCard,
    other,
    head,
    experts: handed?.choice.head.head === 'task card' ? handed.experts : null,
    async headOf(vectors) {
      const { network, checkpoint } = trained!
      const once = isWhole(handed!.choice)
        ? await holdCard(network, vectors, cardMeans(checkpoint, corpus.encoded), corpus)
        : await handedCard(handed!, vectors)
      try {
        return without(await once.score(vector))
      } finally {
        await once.dispose()
      }
    },
    cardVectors: (what) => vectorsOf(trained!, what),
    blended,
    fused,
    encodeMs,
  }
}

/** What a run hands out for a card. */
interface Handed {
  readonly of: WarmNetwork
  readonly card: TaskCard
  readonly handOut: HandOut | null
  readonly experts: CardExperts | null
  readonly choice: HandedChoice
}

/** The network's own head, which goes unfolded. */
function isWhole({ head: { head, strength } }: HandedChoice): boolean {
  return head === 'task card' && strength === 1
}

/** All that a network sees of a card. */
function wordsOf({ run, checkpoint }: WarmNetwork, card: TaskCard): string {
  const examples = card.examples.map(({ query, document }) => [query, document])
  return JSON.stringify([run.id, cardText(card, checkpoint.description.conditioning), examples])
}
