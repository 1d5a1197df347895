/** One query's ranking as trec_eval sees it. */
export interface RankedQuery {
  /** Linear grades of the ranked documents, rank 1 first; unjudged = 0. Negative grades gain nothing. */
  readonly grades: ArrayLike<number>
  /** All positive grades of the query in descending order, also of documents that the corpus lacks. */
  readonly ideal: ArrayLike<number>
}

/** A measure is its printed form: `nDCG@10` names it, says its cut-off and parses back. */
export interface Measure {
  /** `nDCG@10` */
  readonly name: string
  readonly title: string
  readonly summary: string
  readonly citation: string
  /** Ranks that the score looks at. */
  readonly cutoff: number
  /** In [0, 1]. A query without a relevant document has no score: leave it out (RangeError), as trec_eval does. */
  score(ranked: RankedQuery): number
}

/** What one file of this folder declares: a measure for every cut-off. */
export interface MeasureFamily {
  /** Printed before the `@`. */
  readonly name: string
  /** Other spellings that parse. */
  readonly aliases: readonly string[]
  readonly title: string
  readonly citation: string
  /** The cut-off at which the field reports it. */
  readonly customaryCutoff: number
  summary(cutoff: number): string
  /** `ideal` is not empty here. */
  score(ranked: RankedQuery, cutoff: number): number
}

export function measureAt(family: MeasureFamily, cutoff: number): Measure {
  const name = `${family.name}@${cutoff}`
  return {
    name,
    title: family.title,
    summary: family.summary(cutoff),
    citation: family.citation,
    cutoff,
    score(ranked) {
      if (ranked.ideal.length === 0) throw new RangeError(`${name} needs a query with a relevant document`)
      return family.score(ranked, cutoff)
    },
  }
}
