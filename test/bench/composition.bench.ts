import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import type { Task } from '../../src/main/engine/datasets/collection'
import { taskClusters } from '../../src/main/engine/datasets/document-sets'
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
import { inferencesOf, samplingOf } from '../../src/main/engine/statistics/inference'
import { chooseBackend } from '../../src/main/engine/training/choose-backend'
import { trainNetwork } from '../../src/main/engine/training/trainer'
import { operationContext } from '../../src/main/jobs/processes/operation-context'
import { loadRunTasks } from '../../src/main/pipeline/datasets/load-run-tasks'
import { encodeTasks, meanOfWordings } from '../../src/main/pipeline/encoding/encode-tasks'
import { openNetworks } from '../../src/main/pipeline/evaluation/evaluate-run'
import { createWarmEngine } from '../../src/main/pipeline/playground/warm-engine'
import { readRun } from '../../src/main/workspace/runs/run-folder'

/*
 * What in a card of a relation and a category counts, on the held-out combinations of the run HYDRA_RUN of HYDRA_WORKSPACE
 * (docs/unseen.md#relation-and-category).
 */
const root = resolve(import.meta.dirname, '../..')
const { HYDRA_WORKSPACE: workspace, HYDRA_RUN: id } = process.env
const isThere = Boolean(workspace && id)
const NDCG = parseMeasure('nDCG@10')
const FACTORS = ['relation', 'category'] as const
const LONG = 3_600_000

it.skipIf(!isThere)(
  'a held-out combination under its own card, and under trained ones that are wrong in one part',
  async () => {
    const { run, trained, combinations, work } = await openRun()
    const networks = await openNetworks(run, work)
    const network = networks.rows['task card']!(trained[0])!
    const { seed } = run.request
    const settings = { seed, feedback: run.recipe!.feedbackWeight, description: networks.descriptionMean! }
    try {
      for (const examples of [0, 4]) {
        for (const same of FACTORS) {
          const other = same === 'relation' ? 'category' : 'relation'
          const random = randomStream(seed, `cards of the same ${same}`)
          const wrong = new Map<EncodedTask, EncodedTask>()
          for (const one of combinations) {
            const candidates = trained.filter(({ task }) => isAlike(task, one.task, same, other))
            if (candidates.length > 0) wrong.set(one, candidates[random.integer(candidates.length)])
          }
          const under = (name: string, cardOf: (task: EncodedTask) => EncodedTask) =>
            underCard(name, network, examples, cardOf, settings)
          const lead = await score(
            [
              under('own card', (task) => task),
              under(`same ${same}, another ${other}`, (task) => wrong.get(task)!),
              frozenSystem,
            ],
            [...wrong.keys()],
            examples,
            settings,
          )
          // With examples, which say the relation too, a card of the category does as well as the own one.
          expect(lead).toBeGreaterThan(examples === 0 ? 0 : -0.02)
        }
      }
    } finally {
      networks.dispose()
    }
  },
  LONG,
)

it.skipIf(!isThere)(
  'beside it a network that gets a random code of each part in place of every word, trained as long',
  async () => {
    const { run, trained, combinations, all, work } = await openRun()
    const networks = await openNetworks(run, work)
    const { seed } = run.request
    const coded = new Map(all.map((task) => [task, withCode(task, codes(seed))]))
    const tasks = trained.map((task) => coded.get(task)!)
    const description = meanOfWordings(tasks)
    // Nothing but the code: no example, nothing that the words would find, no start at the words themselves.
    const made = await trainNetwork({
      tasks,
      descriptionMean: description,
      recipe: { ...run.recipe!, feedbackWeight: 0, descriptionOnly: 1, descriptionGain: 0 },
      system: 'task card',
      seed,
      onStep: () => {},
      measureDev: async () => 0,
    })
    const factorised = createHypernetwork(made.description, made.parameters)
    const own = { seed, feedback: run.recipe!.feedbackWeight, description: networks.descriptionMean! }
    const lead = await score(
      [
        underCard('own card', networks.rows['task card']!(trained[0])!, 0, (task) => task, own),
        underCard('factorised id', factorised, 0, (task) => coded.get(task)!, {
          ...own,
          feedback: 0,
          description,
        }),
      ],
      combinations,
      0,
      own,
    )
    expect(lead).toBeGreaterThan(-0.06)
    factorised.dispose()
    networks.dispose()
  },
  LONG,
)

async function openRun() {
  const signals = { signal: new AbortController().signal, pause: new AbortController().signal }
  const asked = { workspace: workspace!, appRoot: root, emit: () => {}, ...signals }
  const work = operationContext(asked, createWarmEngine())
  const run = await readRun(workspace!, id!)
  const { seen, unseen } = await loadRunTasks(run, work)
  const encoder = await work.openEncoder(run.encoder.id)
  const { conditioning } = run.recipe!
  const request = { tasks: [...seen, ...unseen], trained: seen, encoder, conditioning }
  const { tasks: all } = await encodeTasks(request, work).finally(() => encoder.dispose())
  await chooseBackend(run.request.backend)
  const trained = all.slice(0, seen.length)
  const combinations = unseenGroups(all.slice(seen.length), trained).get('unseen-combination') ?? []
  expect(combinations.length).toBeGreaterThan(0)
  return { run, all, trained, combinations, work }
}

interface Settings {
  readonly seed: number
  readonly feedback: number
  /** [d] what the network's cards are centred on */
  readonly description: Float32Array
}

/** Each task's queries through the network under the card that `cardOf` names. */
function underCard(
  name: string,
  network: Hypernetwork,
  examples: number,
  cardOf: (task: EncodedTask) => EncodedTask,
  { seed, feedback, description }: Settings,
): System {
  return {
    name,
    transform: (task, _card, queries) =>
      network.transform(
        showCard(cardOf(task), examples, seed, feedback).vectors,
        cardCentre(task, description),
        queries,
      ),
  }
}

/** Prints the means, and by how much the first leads the second, which is returned. What a task's own card shows is hidden from all. */
async function score(
  systems: readonly System[],
  tasks: readonly EncodedTask[],
  examples: number,
  { seed, feedback }: Settings,
): Promise<number> {
  const indexes = corpusIndexes(2)
  try {
    const scores = await scoreSystems({
      systems,
      tasks,
      split: 'test',
      mostQueries: ({ task }) => task.collection.protocol.testQueriesPerTask ?? Number.POSITIVE_INFINITY,
      measures: [NDCG],
      depth: 10,
      card: (task) => showCard(task, examples, seed, feedback),
      index: indexes.open,
    })
    const [a, b] = scores.map(({ tasks: of }) => of.map(({ values }) => values.get(NDCG.name)!))
    const queries = a.map(({ length }) => length)
    const differences = a.map((values, t) => values.map((value, i) => value - b[t][i]))
    const clusters = taskClusters(scores[0].tasks.map(({ task }) => task.task))
    const places = scores[0].tasks.map(({ task }) => clusters.get(task.task.id)!)
    const [lead] = inferencesOf([differences], samplingOf(queries, places), seed)
    const means = scores.map((one) => `${one.row} ${meanOverTasks(one, NDCG.name).toFixed(4)}`)
    console.log(
      `k = ${examples}: ${queries.length} tasks, ${queries.reduce((x, y) => x + y, 0)} queries: ${means.join('; ')}; ` +
        `first − second ${lead.value.toFixed(4)} [${lead.low.toFixed(4)}, ${lead.high.toFixed(4)}], p = ${lead.p.toFixed(4)}`,
    )
    return lead.value
  } finally {
    await indexes.dispose()
  }
}

function isAlike(a: Task, b: Task, same: string, other: string): boolean {
  return a.factors?.[same] === b.factors?.[same] && a.factors?.[other] !== b.factors?.[other]
}

/** A fixed random vector of length about 1 for each relation and each category. */
function codes(seed: number) {
  return (key: string, dimensions: number) => {
    const random = randomStream(seed, `code of ${key}`)
    return Float32Array.from({ length: dimensions }, () => random.normal() / Math.sqrt(dimensions))
  }
}

/** The task with the codes of its parts, added, where the description's vector was. */
function withCode(task: EncodedTask, codeOf: ReturnType<typeof codes>): EncodedTask {
  const dimensions = task.description.length
  const [a, b] = FACTORS.map((factor) => codeOf(`${factor} ${task.task.factors?.[factor]}`, dimensions))
  const description = a.map((value, i) => value + b[i])
  const wordings = createMatrix(1, dimensions, description)
  return { ...task, description, wordings, wordingsNearest: createMatrix(1, dimensions) }
}
