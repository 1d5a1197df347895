import { parseOptions } from '../../registry/registry'
import { createCorpusIndex, type Ranking, rankRow } from '../../retrieval/corpus-index'
import { descendingIdOrder } from '../../retrieval/top-k'
import { bm25 } from '../../teachers/bm25'
import { createBm25Index } from '../../teachers/bm25-index'
import { type JudgedQuery, judgedQueries } from '../../teachers/judged-queries'
import { type LintSubject, type LintTools, NO_OPTIONS, type VectorRule } from '../rule'
import { nameIn, testedTasks } from '../tested'

/** Mean share of a query's judged documents among a system's first ones, from which that system judged. */
const SHARE = 0.95
/** Share of the queries whose judged documents stand apart in the system's scores, from which they are simply easy to find. */
const EASY = 0.5
/** Of one judged document the overlap is P@1, and high wherever answers are easy to find. */
const FEWEST_JUDGED = 2
/** Queries looked at, those with the smallest sha1(id), and the fewest that say anything. */
const MOST_QUERIES = 200
const FEWEST_QUERIES = 20
/** A query whose judgments are a larger part of the corpus says nothing: any list holds them. */
const LARGEST_PART = 0.1
/** Fewer documents make no index. */
const FEWEST_DOCUMENTS = 30

interface Asked extends JudgedQuery {
  readonly name: string
}

/** How a system ranks a query, against its n judged documents. */
interface Agreement {
  /** |judged ∩ first n| / n */
  readonly overlap: number
  /** The fall of the score after the n-th document is the deepest among the first 2n. */
  readonly standsApart: boolean
}

/**
 * Share over queries of |judged ∩ first n| / n with n judged documents: 1 where one system supplied them all, and also where
 * the answers are so plain that any system finds them. The two differ in where the judged documents end. A list that was
 * cut ends anywhere, so that the next document scores hardly less; plain answers end where the score falls off. Judgments of
 * a system that is not at hand (a cross-encoder, an assessor model) are not seen by this.
 */
export const singleTeacherJudgments: VectorRule = {
  name: 'single-teacher-judgments',
  title: 'Judgments all from one teacher',
  summary: `The judged documents of test queries are, n for n, the first ones of BM25 or of the frozen encoder (mean overlap at least ${SHARE} over ${FEWEST_QUERIES} to ${MOST_QUERIES} queries with ${FEWEST_JUDGED} judged documents or more), and they end where its list was cut, not where its scores fall off: the judgments repeat one system’s ranking, and whatever differs from it is counted as wrong. Judgments by a system that is not at hand are not recognised.`,
  citation:
    'Buckley et al., Bias and the limits of pooling for large collections, Information Retrieval 10, 2007',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy:
    'Have people judge, or pool several systems; a score on these judgments is agreement with that system.',
  needs: 'vectors',
  async check(subject, tools) {
    const asked = askedQueries(subject)
    if (asked.length < FEWEST_QUERIES || subject.collection.documents.ids.length < FEWEST_DOCUMENTS)
      return null
    const systems = Object.entries({
      BM25: bm25Agreements(subject, asked),
      [tools.encoder]: await denseAgreements(subject, asked, tools),
    })
    const measured = systems.map(([teacher, agreements]) => ({
      teacher,
      overlap: mean(agreements.map(({ overlap }) => overlap)),
      apart: mean(agreements.map(({ standsApart }) => Number(standsApart))),
    }))
    const suspects = measured.filter(({ overlap, apart }) => overlap >= SHARE && apart < EASY)
    if (suspects.length === 0) return null
    const { teacher, overlap, apart } = suspects.reduce((a, b) => (b.overlap > a.overlap ? b : a))
    return {
      message: `The judged documents are the first ones of ${teacher}: mean overlap ${overlap.toFixed(3)} over ${asked.length} test queries.`,
      count: asked.length,
      examples: asked.slice(0, 3).map(({ name }) => name),
      figures: { overlap, threshold: SHARE, apart },
    }
  },
}

function askedQueries(subject: LintSubject): Asked[] {
  const { collection } = subject
  const most = LARGEST_PART * collection.documents.ids.length
  const tasks = testedTasks(subject)
  const each = Math.ceil(MOST_QUERIES / Math.max(1, tasks.length))
  return tasks
    .flatMap((task) =>
      judgedQueries(collection, task.test, each).map((judged) => ({
        ...judged,
        name: nameIn(task, collection.queries.ids[judged.query]),
      })),
    )
    .filter(({ grades }) => grades.size >= FEWEST_JUDGED && grades.size <= most)
    .slice(0, MOST_QUERIES)
}

/** As deep as the scores are looked at: a fall is compared with as many others after it as before it. */
function depthOf({ grades }: Asked): number {
  return 2 * grades.size
}

function bm25Agreements({ collection }: LintSubject, asked: readonly Asked[]): Agreement[] {
  const { documents, queries, ownDocument } = collection
  const index = createBm25Index(documents.texts, parseOptions('teacher', bm25, {}))
  const tieOrder = descendingIdOrder(documents.ids)
  return asked.map((one) => {
    const scores = index.score(queries.texts[one.query])
    return agreement(one, rankRow(scores, depthOf(one), tieOrder, [ownDocument[one.query]]))
  })
}

async function denseAgreements(
  { collection }: LintSubject,
  asked: readonly Asked[],
  tools: LintTools,
): Promise<Agreement[]> {
  const index = await createCorpusIndex({ documents: await tools.documents(), ids: collection.documents.ids })
  try {
    const vectors = await tools.queries(asked.map(({ query }) => query))
    const rankings = await index.rank(vectors, {
      depth: Math.max(...asked.map(depthOf)),
      excluded: (i) => [collection.ownDocument[asked[i].query]],
      signal: tools.signal,
    })
    return asked.map((one, i) => agreement(one, rankings[i]))
  } finally {
    await index.dispose()
  }
}

function agreement(asked: Asked, { documents, scores }: Ranking): Agreement {
  const n = asked.grades.size
  const falls = Array.from(
    scores.subarray(0, depthOf(asked) - 1),
    (score, i) => score - (scores[i + 1] ?? score),
  )
  return {
    overlap: documents.subarray(0, n).filter((document) => asked.grades.has(document)).length / n,
    standsApart: falls[n - 1] > 0 && falls.every((fall) => fall <= falls[n - 1]),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
