import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { importBeir } from '../../../src/main/engine/datasets/importing/import-beir'
import { loadCollection } from '../../../src/main/engine/datasets/load-collection'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { trecRunLines } from '../../../src/main/engine/exporting/trec-run'
import { parseMeasure } from '../../../src/main/engine/measures'
import { readTrecRun } from '../../../src/main/engine/reporting/read-trec'
import { scoreRankings } from '../../../src/main/engine/reporting/score-rankings'
import { qrelsOfTask, rankingsOfTask } from '../../../src/main/engine/reporting/task-rankings'
import { matching, rankRow } from '../../../src/main/engine/retrieval/corpus-index'
import { descendingIdOrder } from '../../../src/main/engine/retrieval/top-k'
import { bm25 } from '../../../src/main/engine/teachers/bm25'
import { createBm25Index } from '../../../src/main/engine/teachers/bm25-index'
import { temporaryFolder } from '../datasets/small-dataset'

const DEPTH = 100
const MEASURES = ['nDCG@10', 'RR@10', 'R@100', 'AP'].map(parseMeasure)
const datasets = resolve('../shared/datasets')
const here = existsSync(datasets)
if (!here) console.log(`skipped: real collections are not at ${datasets}`)

/** Per collection and measure the value of each test query, in the order of their ids; recorded by test/oracle/real_values.py. */
const golden: Record<string, Record<string, number[]>> = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/real-values.json'), 'utf8'),
)

const { path: workspace, remove } = temporaryFolder()
afterAll(remove)

describe.runIf(here)(
  'per-query values on a run file of BM25, which no CPU changes, against trec_eval',
  () => {
    it.each(Object.keys(golden))('%s', async (id) => {
      await importBeir({ source: join(datasets, `${id}.zip`), workspace, id, now: () => new Date(0) })
      const collection = await loadCollection(join(workspace, 'datasets', id), 'resources/cards', 1)
      const [task] = listTasks(collection)
      const { documents, queries, ownDocument } = collection
      const index = createBm25Index(documents.texts, bm25.options.parse({}))
      const tieOrder = descendingIdOrder(documents.ids)
      const lines = Array.from(task.test.queries, (query) => {
        const ranked = matching(
          rankRow(index.score(queries.texts[query]), DEPTH, tieOrder, [ownDocument[query]]),
        )
        const names = Array.from(ranked.documents, (row) => documents.ids[row])
        return trecRunLines({ query: queries.ids[query], documents: names, scores: ranked.scores }, 'BM25')
      }).join('')
      // For the oracle, which needs the very file: HYDRA_ORACLE_RUNS=FOLDER.
      const folder = process.env.HYDRA_ORACLE_RUNS
      if (folder) {
        await mkdir(folder, { recursive: true })
        await writeFile(join(folder, `${id}.run`), lines)
        await writeFile(
          join(folder, `${id}.qrels`),
          [...qrelsOfTask(task)]
            .flatMap(([query, grades]) =>
              [...grades].map(([document, grade]) => `${query} 0 ${document} ${grade}\n`),
            )
            .join(''),
        )
      }
      async function* chunks() {
        yield Buffer.from(lines)
      }
      const read = await readTrecRun(chunks(), `${id}.run`)
      const ids = Array.from(task.test.queries, (query) => queries.ids[query])
      const { rankings } = rankingsOfTask(read, task, ids)
      const scores = scoreRankings(rankings, qrelsOfTask(task), MEASURES, DEPTH)
      const order = [...scores.keys()].sort()
      for (const { name } of MEASURES) {
        const values = order.map((query) => scores.get(query)![name])
        expect(values).toHaveLength(golden[id][name].length)
        const furthest = Math.max(...values.map((value, i) => Math.abs(value - golden[id][name][i])))
        expect(furthest, name).toBeLessThan(1e-6)
      }
    })
  },
)
