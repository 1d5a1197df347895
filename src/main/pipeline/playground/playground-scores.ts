import { DEFAULT_ENCODER } from '../../../shared/default-encoder'
import { cardText, type TaskCard } from '../../../shared/schemas/card'
import type { CardExperts } from '../../../shared/schemas/card-experts'
import type { ResolvedPlaygroundRequest } from '../../../shared/schemas/playground'
import { type CardVectors, constantCard } from '../../engine/hypernet/card-vectors'
import { fusionOf } from '../../engine/retrieval/fusion'
import type { Scores } from '../../engine/retrieval/top-k'
import { cardMeans } from '../../engine/training/checkpoint'
import { readHandOut } from '../../workspace/runs/run-hand-out'
import { type HandedChoice, handedChoice } from '../handing-out/handed-choice'
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
  /** [documents] each; null where the request has no such system. */
  readonly frozen: Float32Array
  bm25(): Promise<Float32Array>
  noCard(): Promise<Float32Array | null>
  other(): Promise<Float32Array | null>
  /** The head that this card has been handed, alone, without the blend. */
  head(): Promise<Float32Array | null>
  /** Which experts make this card's head; null without a card, or without experts. */
  experts(): Promise<CardExperts | null>
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
  const through = async (of: WarmNetwork, what: TaskCard) =>
    without(await (await held(of, what)).score(vector))
  const handOut = trained && (await readHandOut(context.workspace, trained.run.id))
  const handed =
    trained && card && request.card
      ? handedChoice({
          run: trained.run,
          handOut,
          task: 'task' in request.card ? request.card.task : null,
          examples: card.examples.length,
          asked: request.handOut,
        })
      : null
  const isWhole = handed?.head.head === 'task card' && handed.head.strength === 1
  const handedCard = async (of: WarmNetwork, vectors: CardVectors, { head }: HandedChoice) =>
    holdHanded(await handedHead(head, vectors, { trained: of, corpus, handOut }, context), corpus)

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
  const head = once(async () => {
    if (!trained || !card || !handed) return null
    if (isWhole) return through(trained, card)
    const words = `${wordsOf(trained, card)} ${JSON.stringify(handed.head)}`
    const vectors = await vectorsOf(trained, card)
    const one = await warm.heldCard(context, [corpus, trained], words, () =>
      handedCard(trained, vectors, handed),
    )
    return without(await one.score(vector))
  })
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
  const other = once(async () => {
    if (!request.other || !trained) return null
    const { run: otherRun = run } = request.other
    const of = otherRun === run ? trained : await warm.network(otherRun, context)
    return through(of, chosenCard(request.other.card, collection))
  })
  const blended = once(async () => {
    const alone = await head()
    return alone && without(blendScores(frozen, alone, blend.other === 0 ? null : await other(), blend))
  })
  const fused = once(async () => {
    const dense = (await blended()) ?? frozen
    const { normalisation, bm25: share } = blend
    const { tieOrder } = corpus.index
    return fusionOf([dense, await bm25()], { normalisation, tieOrder })([1 - share, share])
  })
  return {
    dataset,
    corpus,
    judged,
    card,
    handedOut: handed,
    frozen,
    bm25,
    noCard,
    other,
    head,
    async experts() {
      if (!trained || !card) return null
      return trained.network.experts(
        await vectorsOf(trained, card),
        cardMeans(trained.checkpoint, corpus.encoded),
      )
    },
    async headOf(vectors) {
      const { network, checkpoint } = trained!
      const once = isWhole
        ? await holdCard(network, vectors, cardMeans(checkpoint, corpus.encoded), corpus)
        : await handedCard(trained!, vectors, handed!)
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

/** All that a network sees of a card. */
function wordsOf({ run, checkpoint }: WarmNetwork, card: TaskCard): string {
  const examples = card.examples.map(({ query, document }) => [query, document])
  return JSON.stringify([run.id, cardText(card, checkpoint.description.conditioning), examples])
}
