import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import type { Task } from '../../src/main/engine/datasets/collection'
import { unseenGroups } from '../../src/main/engine/evaluation/card-groups'
import { frozenSystem } from '../../src/main/engine/evaluation/controls'
import { corpusIndexes } from '../../src/main/engine/evaluation/corpus-indexes'
import { cardCentre } from '../../src/main/engine/evaluation/network-systems'
import { showCard } from '../../src/main/engine/evaluation/shown-card'
import type { System } from '../../src/main/engine/evaluation/system'
import { meanOverTasks, scoreSystems } from '../../src/main/engine/evaluation/system-scores'
import { createHypernetwork, type Hypernetwork } from '../../src/main/engine/hypernet/hypernetwork'
import { parseMeasure } from '../../src/main/engine/measures'
import { createMatrix } from '../../src/main/engine/numeric/matrix'
import { randomStream } from '../../src/main/engine/numeric/random'
import type { EncodedTask } from '../../src/main/engine/preferences/encoded-collection'
import { chooseBackend } from '../../src/main/engine/training/backends'
import { trainNetwork } from '../../src/main/engine/training/trainer'
import { operationContext } from '../../src/main/jobs/processes/operation-context'
import { loadRunTasks } from '../../src/main/pipeline/datasets/load-run-tasks'
import { encodeTasks, meanOfWordings } from '../../src/main/pipeline/encoding/encode-tasks'
import { openNetworks } from '../../src/main/pipeline/evaluation/evaluate-run'
import { createWarmEngine } from '../../src/main/pipeline/playground/warm-engine'
import { readRun } from '../../src/main/workspace/runs/run-folder'

const root = resolve(import.meta.dirname, '../..')
const { HYDRA_WORKSPACE: workspace, HYDRA_RUN: id } = process.env
const NDCG = parseMeasure('nDCG@10')
const FACTORS = ['relation', 'category'] as const

/**
 * What in a card of a relation and a category counts, on the held-out combinations of the run HYDRA_RUN of HYDRA_WORKSPACE
 * (docs/unseen.md#relation-and-category): its own card beside a trained one of the same category and another relation, one of
 * the same relation and another category; and, trained anew as long, a network that gets a random code of each in place of
 * every word.
 */
it('a held-out combination with cards that are wrong in one part, and with a factorised id', async (context) => {
  if (!workspace || !id) return context.skip('HYDRA_WORKSPACE and HYDRA_RUN name no run')
  const signals = { signal: new AbortController().signal, pause: new AbortController().signal }
  const work = operationContext({ workspace, appRoot: root, emit: () => {}, ...signals }, createWarmEngine())
  const run = await readRun(workspace, id)
  const { seed } = run.request
  const { seen, unseen } = await loadRunTasks(run, work)
  const encoder = await work.openEncoder(run.encoder.id)
  const { conditioning, feedbackWeight = 0 } = run.recipe!
  const asked = { tasks: [...seen, ...unseen], trained: seen, encoder, conditioning }
  const { tasks } = await encodeTasks(asked, work).finally(() => encoder.dispose())
  const trained = tasks.slice(0, seen.length)
  const groups = unseenGroups(tasks.slice(seen.length), trained)
  const combinations = groups.get('unseen-combination') ?? []
  expect(combinations.length).toBeGreaterThan(0)
  await chooseBackend(run.request.backend)
  const indexes = corpusIndexes(2)
  const networks = await openNetworks(run, work)
  const mean = networks.descriptionMean!

  /** Ranks each of the tasks under the card that `cardOf` names; shows what its own card shows, so that all rank alike. */
  const score = async (
    systems: readonly System[],
    some: readonly EncodedTask[],
    examples: number,
    what: string,
  ) => {
    const scores = await scoreSystems({
      systems,
      tasks: some,
      split: 'test',
      mostQueries: ({ task }) => task.collection.protocol.testQueriesPerTask ?? Number.POSITIVE_INFINITY,
      measures: [NDCG],
      depth: 10,
      card: (task) => showCard(task, examples, seed, feedbackWeight),
      index: indexes.open,
    })
    const n = scores[0].tasks.reduce((sum, { queries }) => sum + queries.length, 0)
    const means = scores.map((one) => [one.row, meanOverTasks(one, NDCG.name)] as const)
    const shown = means.map(([row, value]) => `${row} ${value.toFixed(4)}`).join(', ')
    console.log(`${what}, k = ${examples}: ${scores[0].tasks.length} tasks, ${n} queries: ${shown}`)
    return new Map(means)
  }
  const under = (
    name: string,
    network: Hypernetwork,
    examples: number,
    cardOf: (task: EncodedTask) => EncodedTask,
    { feedback = feedbackWeight, description = mean } = {},
  ): System => ({
    name,
    transform: (task, _card, queries) =>
      network.transform(
        showCard(cardOf(task), examples, seed, feedback).vectors,
        cardCentre(task, description),
        queries,
      ),
  })
  try {
    const network = networks.rows['task card']!(trained[0])!
    for (const examples of [0, 4]) {
      for (const same of FACTORS) {
        const other = same === 'relation' ? 'category' : 'relation'
        const random = randomStream(seed, `cards of the same ${same}`)
        const wrong = new Map<EncodedTask, EncodedTask>()
        for (const one of combinations) {
          const candidates = trained.filter(({ task }) => isAlike(task, one.task, same, other))
          if (candidates.length > 0) wrong.set(one, candidates[random.integer(candidates.length)])
        }
        const means = await score(
          [
            frozenSystem,
            under('own card', network, examples, (task) => task),
            under('wrong card', network, examples, (task) => wrong.get(task)!),
          ],
          [...wrong.keys()],
          examples,
          `same ${same}, another ${other}`,
        )
        expect(means.get('own card')).toBeGreaterThan(means.get('wrong card')!)
      }
    }

    const coded = withCodes(tasks, seed)
    const codedSeen = coded.slice(0, seen.length)
    const description = meanOfWordings(codedSeen)
    // Nothing but the code: no example, nothing that the words would find, no start at the words themselves.
    const recipe = { ...run.recipe!, feedbackWeight: 0, descriptionOnly: 1, descriptionGain: 0 }
    const made = await trainNetwork({
      tasks: codedSeen,
      descriptionMean: description,
      recipe,
      system: 'task card',
      seed,
      threadFile: join(root, 'out', 'main', 'listwise-thread.js'),
      onStep: () => {},
      measureDev: async () => 0,
    })
    const factorised = createHypernetwork(made.description, made.parameters)
    const codeOf = new Map(tasks.map((task, i) => [task, coded[i]]))
    await score(
      [
        under('own card', network, 0, (task) => task),
        under('factorised id', factorised, 0, (task) => codeOf.get(task)!, { feedback: 0, description }),
      ],
      combinations,
      0,
      'a code of the relation and one of the category',
    )
    factorised.dispose()
  } finally {
    networks.dispose()
    await indexes.dispose()
  }
}, 3_600_000)

function isAlike(a: Task, b: Task, same: string, other: string): boolean {
  return a.factors?.[same] === b.factors?.[same] && a.factors?.[other] !== b.factors?.[other]
}

/** The tasks with a fixed random code of length about 1 for each factor, added, where the description's vector was. */
function withCodes(tasks: readonly EncodedTask[], seed: number): EncodedTask[] {
  const dimensions = tasks[0].description.length
  const codes = new Map<string, Float32Array>()
  const codeOf = (key: string) => {
    const random = randomStream(seed, `code of ${key}`)
    const made =
      codes.get(key) ??
      Float32Array.from({ length: dimensions }, () => random.normal() / Math.sqrt(dimensions))
    codes.set(key, made)
    return made
  }
  return tasks.map((task) => {
    const [a, b] = FACTORS.map((factor) => codeOf(`${factor} ${task.task.factors?.[factor]}`))
    const description = a.map((value, i) => value + b[i])
    const wordings = createMatrix(1, dimensions, description)
    return { ...task, description, wordings, wordingsNearest: createMatrix(1, dimensions) }
  })
}
