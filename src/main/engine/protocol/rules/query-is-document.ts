import { counted, evidence, NO_OPTIONS, type TextRule } from '../rule'
import { gradesAt, nameIn, testedTasks } from '../tested'
import { wording } from '../wording'

export const queryIsDocument: TextRule = {
  name: 'query-is-document',
  title: 'Queries in their own ranking',
  summary:
    'The text of a test query is that of a document which is not judged relevant and which no rule takes out: it ranks first and counts as wrong. Equal ids alone mean nothing.',
  citation:
    'Wachsmuth, Syed and Stein, Retrieval of the best counterargument without prior topic knowledge, ACL 2018',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy:
    'Where the document has the query’s id, put {"exclude": "same-id"} into SOURCE.json and import again. Where it has another, take it out of the corpus, or leave it if the published figures were made with it.',
  needs: 'texts',
  check(subject) {
    const { documents, queries, ownDocument } = subject.collection
    const asked = new Set(
      testedTasks(subject).flatMap(({ test }) =>
        Array.from(test.queries, (query) => wording(queries.texts[query])),
      ),
    )
    const rows = new Map<string, number[]>()
    const titles = documents.titles?.[Symbol.iterator]()
    let row = 0
    for (const text of documents.texts) {
      const alone = text.slice(titles?.next().value?.length ?? 0)
      for (const said of new Set([wording(text), wording(alone)])) {
        if (asked.has(said)) rows.set(said, [...(rows.get(said) ?? []), row])
      }
      row++
    }
    const found = testedTasks(subject).flatMap((task) =>
      Array.from(task.test.queries).flatMap((query, at) => {
        const same = rows.get(wording(queries.texts[query])) ?? []
        if (same.length === 0) return []
        const grades = gradesAt(task.test, at)
        const wrong = same.find((row) => row !== ownDocument[query] && (grades.get(row) ?? 0) <= 0)
        if (wrong === undefined) return []
        return [`${nameIn(task, queries.ids[query])} is document ${documents.ids[wrong]}`]
      }),
    )
    return evidence(
      found,
      (count) =>
        `${counted(count, 'test query is', 'test queries are')} word for word a document that is not relevant and stays in the ranking.`,
    )
  },
}
