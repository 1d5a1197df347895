import { DEFAULT_ENCODER } from '../../../../shared/default-encoder'
import { knownCollections } from '../../datasets/known-collections'
import { parseMeasure } from '../../measures/index'
import { createCorpusIndex } from '../../retrieval/corpus-index'
import { judgedQueries } from '../../teachers/judged-queries'
import { type LintSubject, type LintTools, NO_OPTIONS, type VectorRule } from '../rule'
import { testedTasks } from '../tested'

/** The encoder whose figures are published with the collections. */
const PUBLISHED_FOR = DEFAULT_ENCODER
const MEASURE = 'nDCG@10'
/** int8 vectors are within .005 of the published float32 figures, on every kind of CPU. */
const TOLERANCE = 0.01

export const frozenOffPublished: VectorRule = {
  name: 'frozen-off-published',
  title: 'Frozen figure off the published one',
  summary: `${MEASURE} of the frozen ${PUBLISHED_FOR} on the test split is more than ${TOLERANCE} off what MTEB publishes for it on this collection: the data, the protocol or the encoder differs, and so does every gain measured from there. Known collections by their usual id only.`,
  citation: 'Muennighoff et al., MTEB: massive text embedding benchmark, EACL 2023',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy:
    'Compare documents, queries and judgments with the published files, and whether the query’s own document is taken out.',
  needs: 'vectors',
  async check(subject, tools) {
    const published = knownCollections[subject.record.id]?.publishedFrozen
    // Of part of the test queries nothing is published.
    if (published === undefined || subject.record.hashed || tools.encoder.split('/').pop() !== PUBLISHED_FOR)
      return null
    const measured = await frozenScore(subject, tools)
    if (measured === null || Math.abs(measured.mean - published) <= TOLERANCE) return null
    const { mean, queries } = measured
    return {
      message: `Frozen ${MEASURE} is ${mean.toFixed(4)} over ${queries} test queries; ${published.toFixed(4)} is published.`,
      count: 1,
      examples: [],
      figures: { measured: mean, published, tolerance: TOLERANCE },
    }
  },
}

async function frozenScore(
  subject: LintSubject,
  tools: LintTools,
): Promise<{ mean: number; queries: number } | null> {
  const [task] = testedTasks(subject)
  if (!task) return null
  const { collection } = subject
  const judged = judgedQueries(collection, task.test)
  if (judged.length === 0) return null
  const index = await createCorpusIndex({ documents: await tools.documents(), ids: collection.documents.ids })
  try {
    const { score, cutoff } = parseMeasure(MEASURE)
    const rankings = await index.rank(await tools.queries(judged.map(({ query }) => query)), {
      depth: cutoff,
      excluded: (i) => [collection.ownDocument[judged[i].query]],
      signal: tools.signal,
    })
    const scores = judged.map(({ grades, ideal }, i) =>
      score({ grades: Array.from(rankings[i].documents, (row) => grades.get(row) ?? 0), ideal }),
    )
    return { mean: scores.reduce((sum, one) => sum + one, 0) / scores.length, queries: scores.length }
  } finally {
    await index.dispose()
  }
}
