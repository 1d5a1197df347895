import type { Task } from '../datasets/collection'
import { counted, type Evidence, evidence, type LintSubject } from './rule'
import { nameIn, relevantAt, relevantTo, testedTasks } from './tested'
import { wording } from './wording'

/**
 * Documents on cards that are relevant to test queries of the same task, where the protocol does not hide them.
 * @param which `test`: relevant to no query of train or dev, so they can only have come from test; `shared`: to both
 */
export function shownAndTested(subject: LintSubject, which: 'test' | 'shared'): Evidence | null {
  if (subject.collection.protocol.hideShown) return null
  const { documents, queries } = subject.collection
  const all = new Set<number>()
  let tested = 0
  const found = testedTasks(subject).flatMap((task) => {
    tested += task.test.queries.length
    const learned = relevantTo(task.train, task.dev)
    const shown = shownRows(task, subject).filter((row) => learned.has(row) === (which === 'shared'))
    if (shown.length === 0) return []
    return Array.from(task.test.queries).flatMap((query, at) => {
      const relevant = relevantAt(task.test, at)
      const seen = shown.filter((row) => relevant.includes(row))
      for (const row of seen) all.add(row)
      return seen.length > 0 ? [`${nameIn(task, queries.ids[query])}: ${documents.ids[seen[0]]}`] : []
    })
  })
  const origin = which === 'test' ? 'to no query of train or dev' : 'to queries of train or dev too'
  return evidence(
    found,
    (count) =>
      `${counted(all.size, 'document that a card shows is', 'documents that cards show are')} relevant to ${counted(count, 'test query', 'test queries')} of ${tested.toLocaleString('en-US')}, and ${origin}.`,
    { documents: all.size, testQueries: tested },
  )
}

/** Corpus rows of what the card shows: by id, or by words where an example names none. */
function shownRows({ card }: Task, { collection: { documents } }: LintSubject): number[] {
  if (card.examples.length === 0) return []
  const ids = new Set(card.examples.map(({ documentId }) => documentId))
  const texts = new Set(
    card.examples
      .filter(({ documentId }) => documentId === undefined)
      .map(({ document }) => wording(document)),
  )
  return documents.ids.flatMap((id, row) =>
    ids.has(id) || (texts.size > 0 && texts.has(wording(documents.texts.at(row)!))) ? [row] : [],
  )
}
