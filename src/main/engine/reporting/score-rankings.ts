import type { Measure, RankedQuery } from '../measures/measure'

/** Scores by query and measure. */
export type QueryMeasures = ReadonlyMap<string, Readonly<Record<string, number>>>

/**
 * Scores rankings against judgments, as `trec_eval -c`: every query with a relevant document counts, one that the run lacks
 * with an empty ranking; a ranked query without judgments does not. @param rankings best first, by query  @param depth documents
 * of each that count: as many as of every other row of the table
 */
export function scoreRankings(
  rankings: ReadonlyMap<string, readonly string[]>,
  qrels: ReadonlyMap<string, ReadonlyMap<string, number>>,
  measures: readonly Measure[],
  depth: number,
): QueryMeasures {
  const scores = new Map<string, Record<string, number>>()
  for (const [query, grades] of qrels) {
    const ranked = rankedQuery((rankings.get(query) ?? []).slice(0, depth), grades)
    if (ranked.ideal.length === 0) continue
    scores.set(query, Object.fromEntries(measures.map((measure) => [measure.name, measure.score(ranked)])))
  }
  return scores
}

/** A ranking as measures see it. */
function rankedQuery(documents: readonly string[], grades: ReadonlyMap<string, number>): RankedQuery {
  const judged = [...grades.values()]
  return {
    grades: documents.map((document) => grades.get(document) ?? Number.NaN),
    ideal: judged.filter((grade) => grade > 0).sort((a, b) => b - a),
    notRelevant: judged.filter((grade) => grade === 0).length,
  }
}
