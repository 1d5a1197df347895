import { counted, evidence, NO_OPTIONS, type TextRule } from '../rule'
import { givenTrain, nameIn, testedTasks } from '../tested'
import { wording } from '../wording'

export const repeatedQueries: TextRule = {
  name: 'repeated-queries',
  title: 'Test queries that are train queries',
  summary:
    'The text of a test query, letter case and spacing aside, is a train query of the same task too: a trained head has seen its answer. A dev split drawn from train counts as train.',
  citation: 'Lewis, Stenetorp and Riedel, Question and answer test-train overlap, EACL 2021',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy: 'Take the queries out of train, or say with the result that they were there.',
  needs: 'texts',
  check(subject) {
    const { queries } = subject.collection
    const found = testedTasks(subject).flatMap((task) => {
      const trained = new Map(givenTrain(task, subject).map((row) => [wording(queries.texts[row]), row]))
      return Array.from(task.test.queries).flatMap((query) => {
        const twin = trained.get(wording(queries.texts[query]))
        return twin === undefined ? [] : [`${nameIn(task, queries.ids[query])} = ${queries.ids[twin]}`]
      })
    })
    return evidence(
      found,
      (count) =>
        `${counted(count, 'test query repeats', 'test queries repeat')} a train query word for word.`,
    )
  },
}
