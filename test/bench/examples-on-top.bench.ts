import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { frozenSystem } from '../../src/main/engine/evaluation/controls'
import { corpusIndexes } from '../../src/main/engine/evaluation/corpus-indexes'
import { cardCentre } from '../../src/main/engine/evaluation/network-systems'
import { hasExamples, type ShownCard, showCard } from '../../src/main/engine/evaluation/shown-card'
import type { System } from '../../src/main/engine/evaluation/system'
import {
  meanOverTasks,
  type SystemScores,
  scoreSystems,
} from '../../src/main/engine/evaluation/system-scores'
import { parseMeasure } from '../../src/main/engine/measures'
import { gatherRows, type Matrix, meanRow } from '../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../src/main/engine/preferences/encoded-collection'
import { inferencesOf, meanOf, samplingOf } from '../../src/main/engine/statistics/inference'
import { chooseBackend } from '../../src/main/engine/training/choose-backend'
import { operationContext } from '../../src/main/jobs/processes/operation-context'
import { loadRunTasks } from '../../src/main/pipeline/datasets/load-run-tasks'
import { encodeTasks } from '../../src/main/pipeline/encoding/encode-tasks'
import { openNetworks } from '../../src/main/pipeline/evaluation/evaluate-run'
import { createWarmEngine } from '../../src/main/pipeline/playground/warm-engine'
import { readRun } from '../../src/main/workspace/runs/run-folder'

const root = resolve(import.meta.dirname, '../..')
const { HYDRA_WORKSPACE: workspace, HYDRA_RUN: id } = process.env
const NDCG = parseMeasure('nDCG@10')
const LAMBDAS = [0.1, 0.25, 0.5, 1]

/**
 * What examples add to a head that was trained without any: f(q) + λ·mean(d − f(q)) over the pairs of a corpus that was never
 * trained, beside q + λ·mean(d − q) (docs/unseen.md#examples-on-top). λ is chosen on the corpora that the run HYDRA_RUN of
 * HYDRA_WORKSPACE left out for its hand-out rule. The shown queries and documents are in no ranking.
 */
it('k examples on top of a head of corpora that were never trained', async (context) => {
  if (!workspace || !id) return context.skip('HYDRA_WORKSPACE and HYDRA_RUN name no run')
  const signals = { signal: new AbortController().signal, pause: new AbortController().signal }
  const work = operationContext({ workspace, appRoot: root, emit: () => {}, ...signals }, createWarmEngine())
  const run = await readRun(workspace, id)
  const { seed } = run.request
  const { seen, unseen, ruleTasks } = await loadRunTasks(run, work)
  const encoder = await work.openEncoder(run.encoder.id)
  const { conditioning } = run.recipe!
  const asked = { tasks: [...seen, ...unseen, ...ruleTasks], trained: seen, encoder, conditioning }
  const { tasks } = await encodeTasks(asked, work).finally(() => encoder.dispose())
  const held = tasks.slice(seen.length, seen.length + unseen.length)
  const choosing = tasks.slice(seen.length + unseen.length)
  expect(choosing.length).toBeGreaterThan(0)
  await chooseBackend(run.request.backend)
  const indexes = corpusIndexes(2)
  const networks = await openNetworks(run, work)
  const description = networks.descriptionMean!
  const network = networks.rows['task card']!(held[0])!
  const through = (task: EncodedTask, queries: Matrix) =>
    network.transform(showCard(task, 0, seed).vectors, cardCentre(task, description), queries)
  const systems: System[] = [
    frozenSystem,
    { name: 'head', transform: (task, _card, queries) => through(task, queries) },
    ...LAMBDAS.map((lambda) => shifted(`q + ${lambda}·mean(d − q)`, lambda, (_task, queries) => queries)),
    ...LAMBDAS.map((lambda) => shifted(`f(q) + ${lambda}·mean(d − f(q))`, lambda, through)),
  ]
  try {
    for (const examples of [4, 8, 16]) {
      const score = (some: readonly EncodedTask[]) =>
        scoreSystems({
          systems,
          tasks: some.filter((task) => hasExamples(task, examples)),
          split: 'test',
          mostQueries: () => Number.POSITIVE_INFINITY,
          measures: [NDCG],
          depth: 10,
          card: (task) => showCard(task, examples, seed),
          index: indexes.open,
        })
      const chosenOn = await score(choosing)
      const scores = await score(held)
      const best = (kind: string) =>
        systems.reduce(
          (found, { name }, i) =>
            name.startsWith(kind) && (found < 0 || meanOf10(chosenOn[i]) > meanOf10(chosenOn[found]))
              ? i
              : found,
          -1,
        )
      const [shift, top] = [best('q +'), best('f(q) +')]
      const { tasks: judged } = scores[0]
      const queries = judged.map((one) => one.queries.length)
      console.log(
        `k = ${examples}: ${judged.length} corpora, ${queries.reduce((a, b) => a + b, 0)} queries; λ on ${chosenOn[0].tasks.length} others; ` +
          `frozen ${meanOf10(scores[0]).toFixed(4)}`,
      )
      for (const [a, b] of [
        [1, 0],
        [shift, 0],
        [top, 0],
        [top, 1],
        [top, shift],
      ]) {
        const lead = differences(scores[a], scores[b])
        const [{ value, low, high, p }] = inferencesOf([lead], samplingOf(queries), seed)
        const won = lead.filter((one) => meanOf(one) > 0).length
        console.log(
          `  ${systems[a].name} − ${systems[b].name}: ${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}], p = ${p.toFixed(4)}, better on ${won}`,
        )
      }
    }
  } finally {
    networks.dispose()
    await indexes.dispose()
  }
}, 3_600_000)

/** f of the queries, moved by λ times the mean of d − f(q) over the pairs that the card shows. */
function shifted(name: string, lambda: number, head: (task: EncodedTask, queries: Matrix) => Matrix): System {
  const towards = (task: EncodedTask, card: ShownCard) => {
    const documents = meanRow(task.encoded.documents, card.documents)
    const from = meanRow(head(task, gatherRows(task.encoded.queries, card.queries)))
    return documents.map((value, i) => lambda * (value - from[i]))
  }
  return {
    name,
    transform(task, card, queries) {
      const out = head(task, queries)
      const shift = towards(task, card)
      return { ...out, data: out.data.map((value, i) => value + shift[i % out.columns]) }
    },
  }
}

function meanOf10(scores: SystemScores): number {
  return meanOverTasks(scores, NDCG.name)
}

function differences(a: SystemScores, b: SystemScores): Float64Array[] {
  return a.tasks.map((task, t) => {
    const other = b.tasks[t].values.get(NDCG.name)!
    return task.values.get(NDCG.name)!.map((value, i) => value - other[i])
  })
}
