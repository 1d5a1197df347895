import { cardText } from '../../../shared/card'
import { HydraError } from '../../../shared/errors'
import type { Hit, SearchResult } from '../../../shared/search'
import { scoreOnce, transformCorpus } from '../../engine/evaluation/corpus-heads'
import { type AffineHead, applyHead } from '../../engine/hypernet/head'
import type { Matrix } from '../../engine/numeric/matrix'
import { rankRow } from '../../engine/retrieval/corpus-index'
import { descendingIdOrder } from '../../engine/retrieval/top-k'
import { cardMeans } from '../../engine/training/checkpoint'
import type { OperationContext, OperationInput } from '../operation'
import { chosenCard, datasetOfChoice, encodeCard } from './card-choice'
import type { WarmCorpus, WarmEngine } from './warm-engine'

const DEFAULT_ENCODER = 'all-MiniLM-L6-v2'

/** One query, ranked by the frozen encoder and, where a card is chosen, through the head that the run's network makes of it. */
export async function search(
  request: OperationInput<'search'>,
  context: OperationContext,
  warm: WarmEngine,
): Promise<SearchResult> {
  const trained = request.run === 'frozen' ? null : await warm.network(request.run, context)
  const dataset =
    request.dataset ?? datasetOfChoice(request.choice) ?? onlyDataset(trained?.checkpoint.corpusMeans)
  const encoder = await warm.encoder(trained?.checkpoint.encoder ?? DEFAULT_ENCODER, context)
  const corpus = await warm.corpus(dataset, trained?.run.request.seed ?? 1, encoder, context)

  const begun = performance.now()
  const vector = await encoder.encode([request.query])
  const card = trained && request.choice ? chosenCard(request.choice, corpus.encoded.collection) : null
  const means = trained && card ? cardMeans(trained.checkpoint, dataset) : null
  const shown = card && means ? await encodeCard(card, trained!.checkpoint, corpus, encoder) : null
  const encoded = performance.now()
  const head = shown && means ? trained!.network.compile(shown, means) : null
  const documentHead = shown && means ? trained!.network.compileDocuments(shown, means) : null
  const conditioned = head ? applyHead(head, vector) : null
  const compiled = performance.now()

  const frozenScores = (await corpus.index.score(vector)).data
  const k = request.k ?? 10
  const result: SearchResult = {
    run: request.run,
    dataset,
    query: request.query,
    card: card ? cardText(card) : null,
    examples: card?.examples.length ?? 0,
    frozen: hits(corpus, frozenScores, frozenScores, k),
    conditioned: conditioned
      ? hits(corpus, (await conditionedScores(conditioned, documentHead, corpus)).data, frozenScores, k)
      : null,
    milliseconds: { encode: encoded - begun, compile: compiled - encoded, rank: 0 },
  }
  result.milliseconds.rank = performance.now() - compiled
  return result
}

/** Where documents have a head too, the whole corpus goes through it: the stored index is of the frozen vectors. */
async function conditionedScores(
  query: Matrix,
  documentHead: AffineHead | null,
  { encoded, index }: WarmCorpus,
): Promise<Matrix> {
  if (!documentHead) return index.score(query)
  return scoreOnce(query, await transformCorpus(documentHead, encoded.documents))
}

function hits({ encoded }: WarmCorpus, scores: Float32Array, frozen: Float32Array, k: number): Hit[] {
  const { ids, texts } = encoded.collection.documents
  const ranking = rankRow(scores, k, tieOrderOf(ids))
  return Array.from(ranking.documents, (document, place) => ({
    rank: place + 1,
    document: ids[document],
    text: texts[document],
    score: ranking.scores[place],
    frozenRank: rankOf(document, frozen),
  }))
}

/** 1 + the number of documents with a higher score: exact over the corpus. */
function rankOf(document: number, scores: Float32Array): number {
  let above = 0
  for (let i = 0; i < scores.length; i++) if (scores[i] > scores[document]) above++
  return above + 1
}

const tieOrders = new WeakMap<readonly string[], Int32Array>()

function tieOrderOf(ids: readonly string[]): Int32Array {
  let order = tieOrders.get(ids)
  if (!order) {
    order = descendingIdOrder(ids)
    tieOrders.set(ids, order)
  }
  return order
}

/** The corpus of a run on one dataset; with several, or with none, it must be named. */
export function onlyDataset(corpora: ReadonlyMap<string, unknown> | undefined): string {
  if (corpora?.size === 1) return [...corpora.keys()][0]
  throw new HydraError('USAGE', {
    expected: 'the dataset to search',
    got: corpora
      ? `a run on ${[...corpora.keys()].join(', ')}`
      : 'the frozen encoder, which knows no dataset',
    remedy: 'Name it with --dataset, or choose a task of it with --task.',
  })
}
