import type { Task } from '../../datasets/collection'
import { createMatrix, row } from '../../numeric/matrix'
import { createCorpusIndex } from '../../retrieval/corpus-index'
import { counted, evidence, type LintSubject, type LintTools, NO_OPTIONS, type VectorRule } from '../rule'
import { givenTrain, nameIn, relevantAt, testedTasks } from '../tested'
import { NEAR, wording } from '../wording'

/**
 * The nearest train query of each test query, and whether the two share a relevant document: then the answer is known and
 * not only the question.
 */
export const nearDuplicateQueries: VectorRule = {
  name: 'near-duplicate-queries',
  title: 'Test queries that nearly are train queries',
  summary: `The vectors of a test query and of a train query of the same task have a cosine of at least ${NEAR} without being word for word the same. Where they share a relevant document too, a trained head has seen the answer.`,
  citation: 'Lewis, Stenetorp and Riedel, Question and answer test-train overlap, EACL 2021',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy: 'Give scores with and without these queries, or split by meaning and not by query.',
  needs: 'vectors',
  async check(subject, tools) {
    const found: string[] = []
    let sameAnswer = 0
    let asked = 0
    for (const task of testedTasks(subject)) {
      const pairs = await nearPairs(task, subject, tools)
      found.push(...pairs.map(({ text }) => text))
      sameAnswer += pairs.filter((pair) => pair.sharesAnswer).length
      asked += task.test.queries.length
    }
    return evidence(
      found,
      (count) =>
        `${counted(count, 'test query is', 'test queries are')} nearly a train query (cosine ${NEAR} or more); ${counted(sameAnswer, 'shares', 'share')} a relevant document with it.`,
      { cosine: NEAR, testQueries: asked, sameAnswer },
    )
  },
}

async function nearPairs(
  task: Task,
  subject: LintSubject,
  tools: LintTools,
): Promise<{ text: string; sharesAnswer: boolean }[]> {
  const { queries } = subject.collection
  const trained = givenTrain(task, subject)
  if (trained.length === 0) return []
  // Word-for-word repeats are another rule's; they would hide the next nearest.
  const known = new Set(trained.map((query) => wording(queries.texts[query])))
  const asked = Array.from(task.test.queries, (query, at) => ({ query, at })).filter(
    ({ query }) => !known.has(wording(queries.texts[query])),
  )
  if (asked.length === 0) return []
  const vectors = await tools.queries([...trained, ...asked.map(({ query }) => query)])
  const split = trained.length * vectors.columns
  const index = await createCorpusIndex({
    documents: createMatrix(trained.length, vectors.columns, vectors.data.subarray(0, split)),
    ids: trained.map((query) => queries.ids[query]),
  })
  try {
    const tested = createMatrix(asked.length, vectors.columns, vectors.data.subarray(split))
    const nearest = await index.rank(tested, { depth: 1, signal: tools.signal })
    const answers = relevantByQuery(task)
    return asked.flatMap(({ query, at }, i) => {
      const [place] = nearest[i].documents
      if (!(nearest[i].scores[0] >= NEAR) || isZero(row(tested, i))) return []
      const twin = trained[place]
      const relevant = new Set(relevantAt(task.test, at))
      const sharesAnswer = (answers.get(twin) ?? []).some((document) => relevant.has(document))
      const text = `${nameIn(task, queries.ids[query])} ≈ ${queries.ids[twin]} (${nearest[i].scores[0].toFixed(3)})`
      return [{ text, sharesAnswer }]
    })
  } finally {
    await index.dispose()
  }
}

/** Relevant documents of the queries that are trained on or selected by. */
function relevantByQuery({ train, dev }: Task): Map<number, number[]> {
  const all = new Map<number, number[]>()
  for (const split of [train, dev]) {
    split.queries.forEach((query, at) => {
      all.set(query, [...(all.get(query) ?? []), ...relevantAt(split, at)])
    })
  }
  return all
}

function isZero(vector: Float32Array): boolean {
  return vector.every((value) => value === 0)
}
