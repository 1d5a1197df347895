import { counted, evidence, NO_OPTIONS, type TextRule } from '../rule'
import { isCounted, nameIn, testedTasks } from '../tested'

export const noRelevantDocument: TextRule = {
  name: 'no-relevant-document',
  title: 'Judged queries without a relevant document',
  summary:
    'Test queries all of whose judgments are zero or negative: no measure counts them, as in trec_eval.',
  citation: 'Buckley and Voorhees, Retrieval system evaluation, in TREC: experiment and evaluation, 2005',
  options: NO_OPTIONS,
  severity: 'note',
  remedy: 'Nothing; the number of queries in a table is without them.',
  needs: 'texts',
  check(subject) {
    const { ids } = subject.collection.queries
    const found = testedTasks(subject).flatMap((task) =>
      Array.from(task.test.queries).flatMap((query, at) =>
        isCounted(task.test, at) ? [] : [nameIn(task, ids[query])],
      ),
    )
    return evidence(
      found,
      (count) =>
        `${counted(count, 'judged test query has', 'judged test queries have')} no relevant document.`,
    )
  },
}
