import { cardText } from '../../../shared/card'
import { HydraError } from '../../../shared/errors'
import type { SearchResult } from '../../../shared/search'
import { cardMeans } from '../../engine/training/checkpoint'
import type { OperationContext, OperationInput } from '../operation'
import { chosenCard, datasetOfChoice, encodeCard } from './card-choice'
import { cardScores } from './card-scores'
import { rankHits } from './rank-hits'
import type { WarmEngine } from './warm-engine'

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
  const conditioned = shown && means ? await cardScores(trained!.network, shown, means, vector, corpus) : null
  const compiled = performance.now()

  const frozenScores = (await corpus.index.score(vector)).data
  const k = request.k ?? 10
  const result: SearchResult = {
    run: request.run,
    dataset,
    query: request.query,
    card: card ? cardText(card) : null,
    examples: card?.examples.length ?? 0,
    frozen: rankHits(corpus, frozenScores, frozenScores, k).hits,
    conditioned: conditioned && rankHits(corpus, conditioned, frozenScores, k).hits,
    milliseconds: { encode: encoded - begun, compile: compiled - encoded, rank: 0 },
  }
  result.milliseconds.rank = performance.now() - compiled
  return result
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
