import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { resolveTasks } from '../../src/main/engine/datasets/tasks'
import { roundVectors } from '../../src/main/engine/encoders/cache/vector-codec'
import { VECTOR_FORMATS } from '../../src/main/engine/encoders/cache/vector-format'
import { frozenSystem } from '../../src/main/engine/evaluation/controls'
import { showCard } from '../../src/main/engine/evaluation/shown-card'
import { meanOverTasks, scoreSystems } from '../../src/main/engine/evaluation/system-scores'
import { parseMeasure } from '../../src/main/engine/measures'
import { createMatrix, inMemory, type Matrix, row } from '../../src/main/engine/numeric/matrix'
import { createCorpusIndex } from '../../src/main/engine/retrieval/corpus-index'
import { operationContext } from '../../src/main/jobs/processes/operation-context'
import { openCollection } from '../../src/main/pipeline/datasets/load-run-tasks'
import { encodeTasks } from '../../src/main/pipeline/encoding/encode-tasks'
import { createWarmEngine } from '../../src/main/pipeline/playground/warm-engine'

const COLLECTIONS = ['scifact', 'nfcorpus']
const NDCG = parseMeasure('nDCG@10')
const workspace = process.env.HYDRA_WORKSPACE
/** What each format may change of nDCG@10, of any score, and of the first ten. */
const MOST = {
  float32: { ndcg: 0, score: 0, overlap: 1 },
  float16: { ndcg: 0.0005, score: 0.0002, overlap: 0.998 },
  int8: { ndcg: 0.002, score: 0.005, overlap: 0.985 },
}

/** The frozen encoder over documents as each format gives them back, against float32. HYDRA_WORKSPACE has the collections and their vectors. */
it.for(COLLECTIONS)('what float16 and int8 lose on %s', async (id, context) => {
  const folder = workspace && resolve(workspace, 'datasets', id)
  if (!folder || !existsSync(folder)) return context.skip(`HYDRA_WORKSPACE without ${id}`)
  const quiet = { signal: new AbortController().signal, pause: new AbortController().signal, emit: () => {} }
  const appRoot = resolve(import.meta.dirname, '../..')
  const work = operationContext({ workspace, appRoot, ...quiet }, createWarmEngine())
  const encoder = await work.openEncoder('all-MiniLM-L6-v2')
  const [task] = await resolveTasks([id], [], () => openCollection(id, 1, work))
  const [encoded] = (await encodeTasks({ tasks: [task], trained: [], encoder, splits: ['test'] }, work)).tasks
  await encoder.dispose()
  const { collection, documents } = encoded.encoded
  const asked = createMatrix(task.test.queries.length, documents.columns)
  task.test.queries.forEach((query, i) => {
    row(asked, i).set(row(encoded.encoded.queries, query))
  })
  let exact: { readonly ndcg: number; readonly scores: Matrix; readonly firsts: Set<number>[] } | null = null
  for (const format of VECTOR_FORMATS) {
    const rounded = roundVectors(inMemory(documents), format)
    const index = await createCorpusIndex({ documents: rounded, ids: collection.documents.ids, threads: 2 })
    try {
      const [scored] = await scoreSystems({
        systems: [frozenSystem],
        tasks: [encoded],
        split: 'test',
        mostQueries: () => Number.POSITIVE_INFINITY,
        measures: [NDCG],
        depth: 10,
        card: (one) => showCard(one, 0, 1),
        index: async () => index,
      })
      const rankings = await index.rank(asked, { depth: 10 })
      const firsts = rankings.map((ranking) => new Set(ranking.documents))
      const got = { ndcg: meanOverTasks(scored, NDCG.name), scores: await index.score(asked), firsts }
      exact ??= got
      const against = exact
      const differences = got.scores.data.map((score, i) => Math.abs(score - against.scores.data[i]))
      const score = differences.reduce((most, difference) => Math.max(most, difference), 0)
      const shared = firsts.map((first, q) => [...first].filter((one) => against.firsts[q].has(one)).length)
      const overlap = shared.reduce((sum, count) => sum + count, 0) / (10 * shared.length)
      const loss = against.ndcg - got.ndcg
      console.log(
        `${id}, ${format}: nDCG@10 ${got.ndcg.toFixed(4)} (${(-loss).toFixed(4)}), cosine at most ${score.toExponential(1)} off, first ten ${(100 * overlap).toFixed(2)} % the same`,
      )
      expect(Math.abs(loss)).toBeLessThanOrEqual(MOST[format].ndcg)
      expect(score).toBeLessThanOrEqual(MOST[format].score)
      expect(overlap).toBeGreaterThanOrEqual(MOST[format].overlap)
    } finally {
      await index.dispose()
    }
  }
})
