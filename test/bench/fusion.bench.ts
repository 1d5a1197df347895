import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, it } from 'vitest'
import { resolveTasks } from '../../src/main/engine/datasets/tasks'
import { frozenSystem } from '../../src/main/engine/evaluation/controls'
import { corpusIndexes } from '../../src/main/engine/evaluation/corpus-indexes'
import { SHARES } from '../../src/main/engine/evaluation/fusion-weights'
import { showCard } from '../../src/main/engine/evaluation/shown-card'
import type { System } from '../../src/main/engine/evaluation/system'
import { meanOverTasks, scoreSystems } from '../../src/main/engine/evaluation/system-scores'
import { parseMeasure } from '../../src/main/engine/measures'
import { parseOptions } from '../../src/main/engine/registry/registry'
import { bm25 } from '../../src/main/engine/teachers/bm25'
import { createBm25Index } from '../../src/main/engine/teachers/bm25-index'
import { wordTokenizer } from '../../src/main/engine/teachers/word-tokenizer'
import { operationContext } from '../../src/main/jobs/processes/operation-context'
import { openCollection } from '../../src/main/pipeline/datasets/load-run-tasks'
import { encodeTasks } from '../../src/main/pipeline/encoding/encode-tasks'
import { createWarmEngine } from '../../src/main/pipeline/playground/warm-engine'
import { openWorkbench } from '../../src/main/services/open-workbench'
import { NORMALISATIONS } from '../../src/shared/normalisation'
import { temporaryFolder } from '../temporary-folder'

const root = resolve(import.meta.dirname, '../..')
const COLLECTIONS = ['scifact', 'nfcorpus', 'nl2bash', 'metatool']
const NDCG = parseMeasure('nDCG@10')
const FIXED = 0.3
/** Cards and queries. */
const ASKED = [
  ['find the musical instrument', 'wedding'],
  ['find the animal', 'night'],
  ['find the food', 'morning'],
  ['find the tool', 'wood'],
  ['find the garment', 'winter'],
  ['find the vehicle', 'snow'],
] as const

const shown = (value: number) => value.toFixed(3).replace(/^0/, '')
const shareShown = (share: number) => String(Number(share.toFixed(2)))

/**
 * Frozen and BM25 fused on either scale: a share chosen on dev, a fixed one, on the test queries (docs/method.md#fusion).
 * HYDRA_WORKSPACE names a workspace with their vectors; else the texts are encoded, which takes a quarter of an hour.
 */
it('a share of BM25 chosen on dev and a fixed one, on both scales', async (context) => {
  const zips = COLLECTIONS.map((id) => resolve(root, `../shared/datasets/${id}.zip`))
  const missing = zips.filter((path) => !existsSync(path))
  if (missing.length > 0) return context.skip(`${missing.join(' and ')} not there`)
  const workspace = process.env.HYDRA_WORKSPACE ?? (await temporaryFolder())
  await importMissing(workspace, zips)
  const asked = { workspace, appRoot: root, emit: () => {}, ...signals() }
  const work = operationContext(asked, createWarmEngine())
  const encoder = await work.openEncoder('all-MiniLM-L6-v2')
  const indexes = corpusIndexes(2)
  try {
    for (const id of COLLECTIONS) {
      const [task] = await resolveTasks([id], [], () => openCollection(id, 1, work))
      const encoded = await encodeTasks(
        { tasks: [task], trained: [], encoder, splits: ['dev', 'test'] },
        work,
      )
      const lexical = createBm25Index(task.collection.documents.texts, parseOptions('teacher', bm25, {}))
      const settings = NORMALISATIONS.flatMap((normalisation) =>
        [...new Set([...SHARES[normalisation], FIXED])].map((share) => ({ normalisation, share })),
      )
      const fused = settings.map(({ normalisation, share }) => ({
        name: `${normalisation} ${share}`,
        base: frozenSystem,
        normalisation,
        share: () => share,
      }))
      const systems: System[] = [frozenSystem, { name: 'BM25', lexical: true }, ...fused]
      const score = async (split: 'dev' | 'test') => {
        const scores = await scoreSystems({
          systems,
          tasks: encoded.tasks,
          split,
          mostQueries: () => (split === 'dev' ? 400 : Number.POSITIVE_INFINITY),
          measures: [NDCG],
          depth: 10,
          card: (one) => showCard(one, 0, 1),
          index: indexes.open,
          lexical: (_, query) => lexical.score(task.collection.queries.texts[query]),
        })
        const values = scores.map((one) => meanOverTasks(one, NDCG.name))
        return { values, queries: scores[0].tasks[0].queries.length }
      }
      const [dev, test] = [await score('dev'), await score('test')]
      const [frozen, words] = test.values
      console.log(
        `${id}: ${dev.queries} dev and ${test.queries} test queries; frozen ${shown(frozen)}, BM25 ${shown(words)}`,
      )
      for (const scale of NORMALISATIONS) {
        const ours = settings.flatMap((one, i) =>
          one.normalisation === scale ? [{ ...one, at: i + 2 }] : [],
        )
        const grid = ours.filter(({ share }) => SHARES[scale].includes(share))
        const best = grid.reduce((a, b) => (dev.values[b.at] > dev.values[a.at] ? b : a))
        const fixed = ours.find(({ share }) => share === FIXED)!
        console.log(
          `  ${scale.padEnd(8)} chosen on dev ${shareShown(best.share)}: ${shown(test.values[best.at])}` +
            `   fixed ${FIXED}: ${shown(test.values[fixed.at])}` +
            `   dev by share: ${grid.map(({ share, at }) => `${shareShown(share)} ${shown(dev.values[at])}`).join(', ')}`,
        )
        // What dev allows is never far below frozen on test: zero is among the shares.
        expect(test.values[best.at]).toBeGreaterThan(frozen - 0.005)
      }
    }
  } finally {
    await indexes.dispose()
    await encoder.dispose()
  }
})

/** The playground's symptom: of short texts, how many of the first eight are there for a word. */
it('the first eight of wordnet-finds that share a word with the query, by share of BM25', async () => {
  const workspace = process.env.HYDRA_WORKSPACE ?? (await temporaryFolder())
  await importMissing(workspace, ['wordnet-finds'])
  const workbench = await opened(workspace)
  const client = createRouterClient(workbench.router)
  const shares = [0, 0.05, 0.1, 0.3]
  const wordsOf = wordTokenizer({ stem: true, stopWords: true, tokenizer: 'unicode' })
  try {
    const demo = (await client.runs.list()).find(({ kind, state }) => kind === 'demo' && state === 'done')
    const run = demo?.id ?? 'frozen'
    console.log(
      `through ${run}${demo ? '' : ': no demo in this workspace, so cards have no effect'}; shares ${shares.join(', ')}`,
    )
    const totals = new Map<string, number>()
    for (const normalisation of NORMALISATIONS) {
      for (const [describe, query] of ASKED) {
        const words = new Set(wordsOf(query))
        const counts: number[] = []
        for (const share of shares) {
          const { columns } = await client.playground.rank({
            run,
            dataset: 'wordnet-finds',
            query,
            card: demo && { describe },
            systems: ['fused'],
            blend: { bm25: share, normalisation },
            k: 8,
          })
          const matching = columns[0].hits.filter(({ text }) =>
            wordsOf(text).some((word) => words.has(word)),
          ).length
          counts.push(matching)
          const key = `${normalisation} ${share}`
          totals.set(key, (totals.get(key) ?? 0) + matching)
        }
        console.log(`${normalisation}  ${describe}: ${query}  ${counts.join(', ')}`)
      }
      const means = shares.map((share) => (totals.get(`${normalisation} ${share}`) ?? 0) / ASKED.length)
      console.log(`${normalisation}  mean  ${means.map((mean) => mean.toFixed(1)).join(', ')}`)
    }
    // A small share stays a small share: it changes less than half of what z-scores change.
    const added = (scale: string) => totals.get(`${scale} 0.05`)! - totals.get(`${scale} 0`)!
    expect(added('min-max')).toBeLessThan(added('z-score') / 2)
  } finally {
    await workbench.close()
  }
})

function opened(workspace: string) {
  return openWorkbench({ workspace, appRoot: root, host: 'web', mode: 'write', now: () => new Date() })
}

function signals() {
  return { signal: new AbortController().signal, pause: new AbortController().signal }
}

async function importMissing(workspace: string, sources: readonly string[]): Promise<void> {
  const workbench = await opened(workspace)
  try {
    const client = createRouterClient(workbench.router)
    const known = (await client.datasets.list()).map(({ id }) => id)
    for (const source of sources) {
      if (known.includes(basename(source, '.zip'))) continue
      const { job } = await client.datasets.import({ source })
      for await (const event of await client.jobs.watch({ id: job })) {
        if (event.type === 'state' && event.error) throw new Error(event.error.got)
      }
    }
  } finally {
    await workbench.close()
  }
}
