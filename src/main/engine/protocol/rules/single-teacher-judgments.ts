import { parseOptions } from '../../registry/registry'
import { createCorpusIndex, rankRow } from '../../retrieval/corpus-index'
import { descendingIdOrder } from '../../retrieval/top-k'
import { bm25 } from '../../teachers/bm25'
import { createBm25Index } from '../../teachers/bm25-index'
import { type JudgedQuery, judgedQueries } from '../../teachers/judged-queries'
import { type LintSubject, type LintTools, NO_OPTIONS, type VectorRule } from '../rule'
import { nameIn, testedTasks } from '../tested'

/** Mean share of a query's judged documents among a system's first ones, from which that system judged. */
const SHARE = 0.95
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

/**
 * Share over queries of |judged ∩ first n| / n with n judged documents: 1 where one system supplied them all, far below
 * where people or several systems did. Judgments of a system that is not at hand (a cross-encoder, an assessor model) are
 * not seen by this.
 */
export const singleTeacherJudgments: VectorRule = {
  name: 'single-teacher-judgments',
  title: 'Judgments all from one teacher',
  summary: `The judged documents of test queries are, n for n, the first ones of BM25 or of the frozen encoder (mean overlap at least ${SHARE} over ${FEWEST_QUERIES} to ${MOST_QUERIES} queries): the judgments repeat one system’s ranking, and whatever differs from it is counted as wrong. Judgments by a system that is not at hand are not recognised.`,
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
    const overlaps = {
      BM25: bm25Overlap(subject, asked),
      [tools.encoder]: await denseOverlap(subject, asked, tools),
    }
    const [teacher, overlap] = Object.entries(overlaps).sort(([, a], [, b]) => b - a)[0]
    if (overlap < SHARE) return null
    return {
      message: `The judged documents are the first ones of ${teacher}: mean overlap ${overlap.toFixed(3)} over ${asked.length} test queries.`,
      count: asked.length,
      examples: asked.slice(0, 3).map(({ name }) => name),
      figures: { overlap, threshold: SHARE },
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
    .filter(({ grades }) => grades.size > 0 && grades.size <= most)
    .slice(0, MOST_QUERIES)
}

function bm25Overlap({ collection }: LintSubject, asked: readonly Asked[]): number {
  const { documents, queries, ownDocument } = collection
  const index = createBm25Index(documents.texts, parseOptions('teacher', bm25, {}))
  const tieOrder = descendingIdOrder(documents.ids)
  return meanOverlap(
    asked,
    ({ query, grades }) =>
      rankRow(index.score(queries.texts[query]), grades.size, tieOrder, [ownDocument[query]]).documents,
  )
}

async function denseOverlap(
  { collection }: LintSubject,
  asked: readonly Asked[],
  tools: LintTools,
): Promise<number> {
  const index = await createCorpusIndex({ documents: await tools.documents(), ids: collection.documents.ids })
  try {
    const vectors = await tools.queries(asked.map(({ query }) => query))
    const rankings = await index.rank(vectors, {
      depth: Math.max(...asked.map(({ grades }) => grades.size)),
      excluded: (i) => [collection.ownDocument[asked[i].query]],
      signal: tools.signal,
    })
    return meanOverlap(asked, ({ grades }, i) => rankings[i].documents.subarray(0, grades.size))
  } finally {
    await index.dispose()
  }
}

function meanOverlap(asked: readonly Asked[], first: (query: Asked, at: number) => Int32Array): number {
  const shares = asked.map((query, at) => {
    const found = first(query, at).filter((document) => query.grades.has(document)).length
    return found / query.grades.size
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}
