import type { RunRecord } from '../../../shared/schemas/run'
import type { Collection } from '../../engine/datasets/collection'
import { holdsWhole } from '../../engine/datasets/hold-out/hold-out-corpora'
import { JUDGED_WHOLE } from '../../engine/datasets/judged-whole'
import { resolveTasks } from '../../engine/datasets/tasks'
import { isInMemory } from '../../engine/numeric/matrix'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import { findPreset } from '../../engine/training/recipes/recipes'
import { readRun, updateRun } from '../../workspace/runs/run-folder'
import { stepTimesOfRun } from '../backends/measure-steps'
import { configurationOf } from '../backends/planned-configuration'
import { loadRunTasks, openCollection, querySettings } from '../datasets/load-run-tasks'
import { protocolNotes } from '../datasets/protocol-notes'
import { requireScored } from '../datasets/require-scored'
import { splitNotes } from '../datasets/split-notes'
import { encodeTasks } from '../encoding/encode-tasks'
import { evaluateRun } from '../evaluation/evaluate-run'
import { writeRunQueries } from '../generation/run-queries'
import type { OperationContext } from '../operation'
import { preferenceLists } from '../teachers/preference-lists'
import { gateWarning, requireTeaching } from '../teachers/teacher-gate'
import { checkTeacherRow } from '../teachers/teacher-rankings'
import { allOrPaused } from './all-or-paused'
import { settleRecipe } from './settle-recipe'
import { stageCost } from './stage-cost'
import { type TrainedSystem, trainedName, trainedSystems } from './trained-systems'
import { type TrainingQueue, trainingProcesses, trainingQueue, trainingThreads } from './training-processes'

/** Vectors up to which a run holds those in memory while its networks train: 300 MB at 384 dimensions. Reading more again takes seconds. */
const MOST_HELD = 200_000
/** A run on its way: split and encoded, then trained, then evaluated; the demo overlaps the stages of two runs. */
interface PreparedRun {
  /** @param queue where its networks wait for a process; one may serve several runs */
  train(queue?: TrainingQueue): Promise<void>
  evaluate(threads: number): Promise<void>
}

function vectorsInMemory(tasks: readonly EncodedTask[]): number {
  const corpora = new Set(tasks.map(({ encoded }) => encoded.documents))
  return [...corpora].filter(isInMemory).reduce((sum, { rows }) => sum + rows, 0)
}

/** Splits the tasks, settles the recipe, encodes what is not in the cache, and writes down all of it. */
export async function prepareRun(
  id: string,
  given: OperationContext,
  open = openCollection,
): Promise<PreparedRun> {
  // Training saves its state at a pause. All else just stops: vectors are cached, and scores are soon made again.
  const context = { ...given, signal: AbortSignal.any([given.signal, given.pause]) }
  const asked = await readRun(context.workspace, id)
  const { request } = asked
  const written = await writtenForRun(asked, context, open)
  const tasks = await loadRunTasks(asked, context, open)
  const { queries } = querySettings(asked)
  const unscored = requireScored([...tasks.seen, ...tasks.unseen], 'test', queries)
  const whole = holdsWhole(request.holdOut) && tasks.unseen.length > 0 ? [JUDGED_WHOLE] : []
  const doubts = [...whole, ...unscored, ...(await protocolNotes(tasks.collections, context))]
  const started = context.now().getTime()
  const encoder = await context.openEncoder(request.encoder, 2)
  // A run that is resumed keeps the recipe that it began with.
  const settled = asked.recipe
    ? { recipe: asked.recipe, notes: [] }
    : settleRecipe(asked, tasks, encoder.dimensions)
  const { recipe } = settled
  checkTeacherRow(request.rows, recipe)
  const { fingerprint, assumed = [] } = encoder
  const identity = { id: encoder.id, sha256: encoder.sha256 }
  const chosen = [...tasks.seen, ...tasks.unseen, ...tasks.ruleTasks]
  const { conditioning } = recipe
  const fresh = { work: 0, seconds: 0 }
  const onEncoded = (characters: number, took: number) => {
    fresh.work += characters
    fresh.seconds += took
  }
  const asking = { tasks: chosen, trained: tasks.seen, conditioning }
  const encoded = encodeTasks({ ...asking, encoder, onEncoded }, context).finally(() => encoder.dispose())
  let held: readonly EncodedTask[] | null = (await encoded).tasks
  /** The tasks with their vectors, read again from the cache where they were let go. */
  const encodedTasks = async (): Promise<readonly EncodedTask[]> => {
    if (held) return held
    const opened = await context.openEncoder(encoder.id, 1)
    const again = await encodeTasks({ ...asking, encoder: opened }, context).finally(() => opened.dispose())
    held = again.tasks
    return held
  }
  if (fresh.work > 0) context.emit(stageCost({ run: id, stage: 'encode', ...fresh }, context.now()))
  const seconds = { encode: (context.now().getTime() - started) / 1000, train: 0 }
  const corrections = findPreset(request.preset).notes ?? []
  let run: RunRecord = await updateRun(context.workspace, id, {
    recipe,
    encoder: identity,
    datasets: tasks.collections.map(({ id: dataset, sha256 }) => ({ id: dataset, sha256 })),
    seen: tasks.seen.map((task) => task.id),
    unseen: tasks.unseen.map((task) => task.id),
    ...(tasks.ruleTasks.length > 0 ? { ruleTasks: tasks.ruleTasks.map((task) => task.id) } : {}),
    notes: asked.recipe
      ? asked.notes
      : [...corrections, ...splitNotes(request, tasks), ...doubts, ...assumed, ...settled.notes, ...written],
  })
  const log = (message: string, level: 'info' | 'warning' = 'info') =>
    context.emit({ type: 'log', at: context.now().getTime(), level, message })
  /** What a reader of the run must know as well as who watches it. */
  const warn = async (warnings: readonly string[]) => {
    const fresh = warnings.filter((warning) => !run.notes.includes(warning))
    for (const warning of warnings) log(warning, 'warning')
    if (fresh.length > 0) run = await updateRun(context.workspace, id, { notes: [...run.notes, ...fresh] })
  }
  /** What the teachers say; nothing that it saw is kept. */
  const learn = async () => {
    const seen = (await encodedTasks()).slice(0, tasks.seen.length)
    return preferenceLists({ tasks: seen, recipe, seed: request.seed, encoder: fingerprint }, context)
  }
  /** Written down before it begins: what is resumed goes on where it began. */
  const settleStepTimes = async (system: TrainedSystem) => {
    if (request.backend !== 'auto' || run.stepTimes) return
    const configuration = configurationOf({ request, recipe, system, encoder: encoder.id }, tasks)
    const measured = { request, system, dimensions: encoder.dimensions, configuration, app: run.app }
    const stepTimes = await stepTimesOfRun(measured, recipe.steps, context)
    run = await updateRun(context.workspace, id, { stepTimes })
  }
  return {
    async train(queue) {
      const systems = trainedSystems(
        request.rows,
        tasks.seen.map((task) => task.id),
        recipe,
      )
      if (systems.length === 0) return
      await settleStepTimes(systems[0])
      const { processes, next } = queue ?? trainingQueue(trainingProcesses(recipe, systems.length))
      // Whoever shares the queue fills its other places.
      const threads = trainingThreads(queue ? processes : Math.min(processes, systems.length))
      const begun = context.now().getTime()
      const { seen, unseen } = tasks
      const split = `${seen.length} ${seen.length === 1 ? 'task' : 'tasks'} trained, ${unseen.length} held out`
      log(
        `${split}; ${recipe.steps} steps, seed ${request.seed}${request.splitSeed === request.seed ? '' : `, split seed ${request.splitSeed}`}`,
      )
      for (const note of corrections) log(note)
      for (const note of settled.notes) log(note, 'warning')
      const decisions = await learn().then((learned) => learned?.decisions ?? [])
      requireTeaching(decisions)
      await warn(decisions.flatMap((decision) => gateWarning(decision) ?? []))
      // Each network reads its own while it trains; these wait for the evaluation.
      if (vectorsInMemory(held ?? []) > MOST_HELD) held = null
      const results = await allOrPaused(
        systems.map((system, i) => {
          const leads =
            i % processes === 0
              ? systems
                  .slice(i, i + processes)
                  .map(trainedName)
                  .join(' and ')
              : ''
          return next(() =>
            context.fork(
              'train-system',
              { run: id, system, leads, threads },
              { steps: { what: trainedName(system) } },
            ),
          )
        }),
        context.pause,
      )
      const wall = (context.now().getTime() - begun) / 1000
      seconds.train = Math.max(wall, ...results.map((result) => result.seconds))
      run = await updateRun(context.workspace, id, {
        backend: results[0].backend,
        weights: Object.fromEntries(results.map(({ weights }, i) => [trainedName(systems[i]), weights])),
      })
    },
    async evaluate(threads) {
      const all = await encodedTasks()
      const [s, u] = [tasks.seen.length, tasks.unseen.length]
      const [seen, unseen, ruleTasks] = [all.slice(0, s), all.slice(s, s + u), all.slice(s + u)]
      await evaluateRun({ run, seen, unseen, ruleTasks, seconds, encoder: fingerprint, threads }, context)
    },
  }
}

/** Has a model write the queries that the run asks, where it asks generated ones. @returns what to say of them */
async function writtenForRun(
  run: RunRecord,
  context: OperationContext,
  open: typeof openCollection,
): Promise<string[]> {
  const settings = querySettings(run)
  if (settings.queries !== 'generated') return []
  const { tasks: patterns, seed } = run.request
  const collections: Collection[] = []
  const tasks = await resolveTasks(
    patterns,
    run.datasets.map(({ id }) => id),
    async (id) => {
      const collection = await open(id, seed, context)
      collections.push(collection)
      return collection
    },
  )
  // Writing may take an hour.
  requireScored(tasks, 'test', settings.queries)
  return writeRunQueries({ run, settings }, collections, context)
}
