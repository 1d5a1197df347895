import type { Judgments, Task } from '../datasets/collection'
import { listTasks } from '../datasets/tasks'
import type { LintSubject } from './rule'

/** Grade of each judged document of a place of a split, by corpus row; documents that the corpus lacks are left out. */
export function gradesAt({ offsets, documents, grades }: Judgments, at: number): Map<number, number> {
  const found = new Map<number, number>()
  for (let i = offsets[at]; i < offsets[at + 1]; i++) {
    if (documents[i] >= 0) found.set(documents[i], grades[i])
  }
  return found
}

/** Corpus rows with a positive grade. */
export function relevantAt(judgments: Judgments, at: number): number[] {
  return [...gradesAt(judgments, at)].flatMap(([document, grade]) => (grade > 0 ? [document] : []))
}

/** Corpus rows that are relevant to any query of these splits. */
export function relevantTo(...splits: readonly Judgments[]): Set<number> {
  return new Set(
    splits.flatMap((split) => Array.from(split.queries).flatMap((_, at) => relevantAt(split, at))),
  )
}

/** Whether a measure counts the query at this place; a relevant document counts also where the corpus lacks it. */
export function isCounted({ offsets, grades }: Judgments, at: number): boolean {
  return grades.subarray(offsets[at], offsets[at + 1]).some((grade) => grade > 0)
}

/** Tasks of the dataset that are tested. */
export function testedTasks({ collection }: LintSubject): Task[] {
  return listTasks(collection).filter(({ test }) => test.queries.length > 0)
}

/** Rows of all queries that a head may be trained on: train as it was given, with the part of it that became dev. */
export function givenTrain({ train, dev }: Task, { record }: LintSubject): number[] {
  return [...train.queries, ...(record.devFrom === 'train' ? dev.queries : [])]
}

/** An id with the card that it was asked on, where there are several. */
export function nameIn({ collection, card }: Task, id: string): string {
  return collection.cards.length > 1 ? `${id} (${card.id})` : id
}
