import { runField } from '../formats/run-field'

/** One query's ranking, best first. */
export interface RankedQuery {
  readonly query: string
  readonly documents: readonly string[]
  /** Same length as `documents`, descending. */
  readonly scores: ArrayLike<number>
}

/**
 * Lines of a TREC run file, `qid Q0 docid rank score tag`, each with its newline; ranks start at 1. Scores keep every
 * digit, since trec_eval orders by score and ignores the rank. What the format cannot hold of an id stands escaped.
 * @throws RangeError where documents and scores differ in number
 */
export function trecRunLines({ query, documents, scores }: RankedQuery, tag: string): string {
  if (documents.length !== scores.length) {
    throw new RangeError(`${documents.length} documents need as many scores, got ${scores.length}`)
  }
  const [queryField, tagField] = [runField(query), runField(tag)]
  let lines = ''
  for (let i = 0; i < documents.length; i++) {
    lines += `${queryField} Q0 ${runField(documents[i])} ${i + 1} ${scores[i]} ${tagField}\n`
  }
  return lines
}
