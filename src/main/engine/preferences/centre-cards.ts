import type { Task } from '../datasets/collection'
import { meanOfVectors } from '../numeric/matrix'
import type { EncodedCollection } from './encoded-collection'

/**
 * The collections of a run with what their cards are centred on. A corpus of which nothing is trained has a mean document of its
 * own but no train queries: the mean over the trained corpora stands for theirs, since its own queries are what it is tested
 * with. Where a card knows its corpus, all are centred on the means over the trained corpora, each once.
 * @param knowsCorpus conditioning part `corpus`
 */
export function centreCards(
  collections: readonly EncodedCollection[],
  trained: readonly Task[],
  knowsCorpus: boolean,
): EncodedCollection[] {
  const known = new Set(
    trained.flatMap(({ collection, train }) => (train.queries.length > 0 ? [collection] : [])),
  )
  const learned = collections.filter(({ collection }) => known.has(collection))
  if (learned.length === 0) return [...collections]
  const common = {
    queries: meanOfVectors(learned.map(({ queryMean }) => queryMean)),
    documents: meanOfVectors(learned.map(({ documentMean }) => documentMean)),
  }
  return collections.map((encoded) => {
    const queryMean = known.has(encoded.collection) ? encoded.queryMean : common.queries
    const centre = knowsCorpus ? common : { queries: queryMean, documents: encoded.documentMean }
    return { ...encoded, queryMean, centre }
  })
}
