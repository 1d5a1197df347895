import { counted, evidence, NO_OPTIONS, type TextRule } from '../rule'
import { gradesAt, nameIn, testedTasks } from '../tested'
import { twinsOf } from '../twins'

export const unjudgedTwins: TextRule = {
  name: 'unjudged-twins',
  title: 'Twins of relevant documents that are not relevant',
  summary:
    'A test query’s relevant document has a word-for-word twin that is not judged relevant: which of the two ranks first is decided by their ids, and the score with it.',
  citation: 'Fröbe et al., Sampling bias due to near-duplicates in learning to rank, SIGIR 2020',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy: 'Judge both alike, or keep one of them.',
  needs: 'texts',
  check(subject) {
    const { documents, queries, ownDocument } = subject.collection
    const twins = twinsOf(documents.texts)
    const found = testedTasks(subject).flatMap((task) =>
      Array.from(task.test.queries).flatMap((query, at) => {
        const grades = gradesAt(task.test, at)
        for (const [document, grade] of grades) {
          if (grade <= 0) continue
          const other = twins
            .get(document)
            ?.find((row) => row !== ownDocument[query] && (grades.get(row) ?? 0) <= 0)
          if (other === undefined) continue
          const pair = `${documents.ids[document]} = ${documents.ids[other]}`
          return [`${nameIn(task, queries.ids[query])}: ${pair}`]
        }
        return []
      }),
    )
    return evidence(
      found,
      (count) =>
        `${counted(count, 'test query has', 'test queries have')} a relevant document whose twin is not relevant.`,
    )
  },
}
