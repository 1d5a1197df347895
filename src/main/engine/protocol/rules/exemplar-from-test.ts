import type { Example } from '../../../../shared/schemas/card'
import { counted, evidence, type LintSubject, NO_OPTIONS, type TextRule } from '../rule'
import { givenTrain, nameIn, testedTasks } from '../tested'
import { wording } from '../wording'

export const exemplarFromTest: TextRule = {
  name: 'exemplar-from-test',
  title: 'Exemplars taken from test',
  summary:
    'A card shows a test query with its answer: a head made of the card is tested on what it was told. An example that names its query is known by the id, any other by its words.',
  citation:
    'Sainz et al., NLP evaluation in trouble: on the need to measure LLM data contamination, EMNLP 2023',
  options: NO_OPTIONS,
  severity: 'error',
  remedy: 'Take examples from train only; a card without examples gets them drawn from there.',
  needs: 'texts',
  check(subject) {
    const found = testedTasks(subject).flatMap((task) => {
      if (task.card.examples.length === 0) return []
      const isTested = testedExamples(task, subject)
      return task.card.examples
        .filter(isTested)
        .map(({ query, queryId }) => nameIn(task, queryId ?? JSON.stringify(query)))
    })
    return evidence(
      found,
      (count) => `${counted(count, 'example of a card is', 'examples of cards are')} a test query.`,
    )
  },
}

/** Whether an example is a test query: by id where it names one, else by words that no train query has too. */
function testedExamples(task: ReturnType<typeof testedTasks>[number], subject: LintSubject) {
  const { ids, texts } = subject.collection.queries
  const trained = givenTrain(task, subject)
  const [trainIds, testIds] = [trained, [...task.test.queries]].map(
    (rows) => new Set(rows.map((row) => ids[row])),
  )
  const [trainTexts, testTexts] = [trained, [...task.test.queries]].map(
    (rows) => new Set(rows.map((row) => wording(texts[row]))),
  )
  return ({ query, queryId }: Example): boolean => {
    if (queryId !== undefined && (trainIds.has(queryId) || testIds.has(queryId))) {
      return testIds.has(queryId) && !trainIds.has(queryId)
    }
    return testTexts.has(wording(query)) && !trainTexts.has(wording(query))
  }
}
