import { HydraError } from '../../../shared/errors'
import type { HandedHead, HandOut } from '../../../shared/schemas/runs/hand-out'
import { controlShift } from '../../engine/evaluation/controls'
import type { HeadPair } from '../../engine/exporting/head-file'
import {
  blendHead,
  blendRows,
  identityHead,
  isBlendable,
  shiftHead,
  shiftRows,
} from '../../engine/hypernet/blended-head'
import { type CardVectors, constantCard } from '../../engine/hypernet/card-vectors'
import { createMatrix, type Matrix, meanOfVectors, normalizeRows, row } from '../../engine/numeric/matrix'
import type { CorpusIndex } from '../../engine/retrieval/corpus-index'
import { nearestMeans } from '../../engine/retrieval/nearest-mean'
import { cardMeans } from '../../engine/training/checkpoint'
import type { OperationContext } from '../operation'
import type { WarmNetwork } from '../playground/warm-engine'
import { NO_CARD } from '../training/trained-systems'

/** A head that leaves the house, folded and, to hold it against, unfolded. */
export interface HandedPair {
  /** Folded. */
  fold(): HeadPair
  /** Query vectors [n, d] to unit rows, without folding. */
  transform(queries: Matrix): Matrix
  /** Document vectors likewise; null where these stay as they are. */
  transformDocuments(documents: Matrix): Matrix | null
}

/** What of a corpus a head depends on. */
export interface HandedCorpus {
  readonly encoded: {
    readonly collection: { readonly id: string }
    /** [d] */
    readonly documentMean: Float32Array
  }
  readonly index: CorpusIndex
}

/** The head that was chosen for a card, of which the encoder has made vectors. */
export async function handedHead(
  handed: HandedHead,
  vectors: CardVectors,
  of: {
    readonly trained: WarmNetwork
    readonly corpus: HandedCorpus
    readonly handOut: HandOut | null
  },
  context: OperationContext,
): Promise<HandedPair> {
  const { trained, corpus, handOut } = of
  const { head, strength } = handed
  const d = vectors.description.length
  if (head === 'frozen') return shifted(null, d)
  if (head === 'card as text' || head === 'exemplar shift') {
    const nearest = row(await nearestMeans(corpus.index, createMatrix(1, d, vectors.description)), 0)
    const shift =
      handOut && controlShift(handed, { vectors, nearest }, controlMeans(handOut, trained, corpus))
    if (!shift) throw unknownSetting(handed, trained.run.id)
    return shifted(shift, d)
  }
  const source = head === 'no card' ? await context.warm.networkOf(trained.run.id, NO_CARD, context) : trained
  if (!source) throw untrained(trained.run.id)
  const { network } = source
  const means = cardMeans(source.checkpoint, corpus.encoded)
  const card = head === 'no card' ? constantCard(means) : vectors
  const fold = () => ({
    head: network.compile(card, means),
    documents: network.compileDocuments(card, means),
  })
  if (strength === 1) {
    return {
      fold,
      transform: (queries) => network.transform(card, means, queries),
      transformDocuments: (documents) => network.transformDocuments(card, means, documents),
    }
  }
  const whole = fold()
  if (whole.documents || !isBlendable(whole.head)) throw unknownSetting(handed, trained.run.id)
  return {
    fold: () => ({ head: blendHead(whole.head, strength), documents: null }),
    transform: (queries) => normalizeRows(blendRows(whole.head, strength, queries)),
    transformDocuments: () => null,
  }
}

/** @param shift [d]; null: the encoder as it is */
function shifted(shift: Float32Array | null, d: number): HandedPair {
  return {
    fold: () => ({ head: shift ? shiftHead(shift) : identityHead(d), documents: null }),
    transform: (queries) => normalizeRows(shiftRows(queries, shift)),
    transformDocuments: () => null,
  }
}

/** As in the evaluation: the corpus's own mean document, and the mean train query of the trained corpora where it has none. */
function controlMeans(
  { descriptionMean }: HandOut,
  { checkpoint: { corpusMeans } }: WarmNetwork,
  { encoded: { collection, documentMean } }: HandedCorpus,
) {
  const queries =
    corpusMeans.get(collection.id)?.queries ??
    meanOfVectors([...corpusMeans.values()].map((means) => means.queries))
  return { description: Float32Array.from(descriptionMean), queries, documents: documentMean }
}

function untrained(run: string): HydraError {
  return new HydraError('RUN_INCOMPLETE', {
    expected: 'a run whose network without a card was trained',
    got: `${run}, which has none`,
    remedy: 'Hand out another head, or train a run with the row `no card`.',
  })
}

function unknownSetting({ head, strength, setting }: HandedHead, run: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected: `a choice of ${run} that this version can make`,
    got: `${head}, strength ${strength}${setting ? `, ${setting}` : ''}`,
    remedy: 'Score the run again, or hand out another head.',
    command: `hydra evaluate ${run}`,
  })
}
