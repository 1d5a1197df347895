import { z } from 'zod'
import type { DatasetRecord, Finding, Severity } from '../../../shared/schemas/dataset'
import type { Collection } from '../datasets/collection'
import type { Matrix } from '../numeric/matrix'
import type { Spec } from '../registry/registry'
import type { DanglingJudgments } from './find-dangling'

/** A dataset as its files tell of it, also where it cannot be loaded. */
export interface DatasetFiles {
  readonly record: DatasetRecord
  readonly dangling: DanglingJudgments
}

/** A dataset in memory. */
export interface LintSubject extends DatasetFiles {
  readonly collection: Collection
}

/** What the rules that look beyond the words may use. Whatever is asked for is encoded once. */
export interface LintTools {
  /** Id of the encoder. */
  readonly encoder: string
  /** [documents, d] */
  documents(): Promise<Matrix>
  /** [rows, d] of queries of the collection, in the order of the rows. */
  queries(rows: ArrayLike<number>): Promise<Matrix>
  readonly signal?: AbortSignal
}

/** What a rule found; null stands for nothing. */
export type Evidence = Pick<Finding, 'message' | 'count' | 'examples' | 'figures'>

interface RuleSpec extends Spec {
  readonly severity: Severity
  /** What to do about it. */
  readonly remedy: string
}

/** Looks at the record and at judgments that name what is not there; asked even where the dataset cannot be loaded. */
export interface FileRule extends RuleSpec {
  readonly needs: 'files'
  check(files: DatasetFiles): Evidence | null
}

/** Looks at texts and judgments: a moment even for a large collection. Asked at import and before each run. */
export interface TextRule extends RuleSpec {
  readonly needs: 'texts'
  check(subject: LintSubject): Evidence | null
}

/** Looks at vectors or makes an index: asked by `hydra datasets lint` only. */
export interface VectorRule extends RuleSpec {
  readonly needs: 'vectors'
  check(subject: LintSubject, tools: LintTools): Promise<Evidence | null>
}

/** One sign that a score would not mean what it seems to mean. Its name is the code of its findings. */
export type Rule = FileRule | TextRule | VectorRule

/** Bounds stand in a rule's summary and are the same for everybody: a finding that can be argued away is none. */
export const NO_OPTIONS = z.strictObject({})

/** The most examples that a finding shows. */
const SHOWN = 3

/** Counts what was found; null where that is nothing. @param message what stands there, given how often */
export function evidence(
  found: readonly string[],
  message: (count: number) => string,
  figures?: Readonly<Record<string, number>>,
): Evidence | null {
  if (found.length === 0) return null
  const counted = { message: message(found.length), count: found.length, examples: found.slice(0, SHOWN) }
  return figures ? { ...counted, figures } : counted
}

/** `1 test query`, `2 test queries` */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : more}`
}
