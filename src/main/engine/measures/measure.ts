import type { z } from 'zod'

/** One query's ranking as trec_eval sees it. */
export interface RankedQuery {
  /**
   * Linear grades of the ranked documents, rank 1 first: score descending, ties by document id descending. Unjudged is NaN
   * where anybody asks what was judged, else 0; either gains nothing, and so does a negative grade.
   */
  readonly grades: ArrayLike<number>
  /** All positive grades of the query in descending order, also of documents that the corpus lacks. */
  readonly ideal: ArrayLike<number>
  /** Documents that were judged and have grade 0, in the ranking or not: bpref alone asks for it. */
  readonly notRelevant?: number
}

/** A measure is its printed form: `nDCG@10` names it, says its parameters and its cut-off, and parses back. */
export interface Measure {
  /** As it was asked for: `RR@10`, or `MRR@10`. */
  readonly name: string
  /** The same in ir_measures' words, by which two spellings of one measure are known: `RR@10`. */
  readonly standard: string
  readonly title: string
  readonly summary: string
  readonly citation: string
  /** Ranks that the score looks at; infinite where it looks at the whole ranking. */
  readonly cutoff: number
  /** In [0, 1]. A query without a relevant document has no score: leave it out (RangeError), as trec_eval does. */
  score(ranked: RankedQuery): number
}

/** What one file of this folder declares: a measure for every cut-off and parameter. */
export interface MeasureFamily<Parameters extends z.ZodObject = z.ZodObject> {
  /** ir_measures' name, printed before parameters and the `@`. */
  readonly name: string
  /** Other names that parse and are printed as they were given. */
  readonly aliases: readonly string[]
  readonly title: string
  readonly citation: string
  readonly cutoff: 'needed' | 'optional' | 'none'
  /** How the field writes it most: `nDCG@10`. */
  readonly customary: string
  /** Everything but the cut-off, written in brackets: `RBP(p=0.8)`. */
  readonly parameters: Parameters
  summary(looked: string, parameters: z.output<Parameters>): string
  /** `ideal` is not empty here. @param cutoff infinite where none is said */
  score(ranked: RankedQuery, cutoff: number, parameters: z.output<Parameters>): number
}

/** A family by its declaration: keeps the types of its parameters inside. */
export function defineMeasure<Parameters extends z.ZodObject>(
  family: MeasureFamily<Parameters>,
): MeasureFamily {
  return family as unknown as MeasureFamily
}

/** Relevant documents among the first `depth`: any positive grade, as trec_eval's default level 1. */
export function relevantAmong(grades: ArrayLike<number>, depth: number): number {
  const end = Math.min(depth, grades.length)
  let found = 0
  for (let i = 0; i < end; i++) if (grades[i] > 0) found++
  return found
}
