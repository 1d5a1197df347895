import { HydraError } from '../../../shared/errors'

/** One query's ranking, best first. */
export interface RankedQuery {
  readonly query: string
  readonly documents: readonly string[]
  /** Same length as `documents`, descending. */
  readonly scores: ArrayLike<number>
}

/**
 * Lines of a TREC run file, `qid Q0 docid rank score tag`, each with its newline; ranks start at 1. Scores keep every
 * digit, since trec_eval orders by score and ignores the rank. The format has no quoting: ids with white space are refused.
 */
export function trecRunLines({ query, documents, scores }: RankedQuery, tag: string): string {
  if (documents.length !== scores.length) {
    throw new RangeError(`${documents.length} documents need as many scores, got ${scores.length}`)
  }
  const [queryField, tagField] = [field(query), field(tag)]
  let lines = ''
  for (let i = 0; i < documents.length; i++) {
    lines += `${queryField} Q0 ${field(documents[i])} ${i + 1} ${scores[i]} ${tagField}\n`
  }
  return lines
}

function field(text: string): string {
  if (text !== '' && !/\s/.test(text)) return text
  throw new HydraError('FILE_INVALID', {
    expected: 'ids without white space, as the TREC run format needs',
    got: JSON.stringify(text),
    remedy: 'Rename this id in the dataset, or export the results in another format.',
  })
}
