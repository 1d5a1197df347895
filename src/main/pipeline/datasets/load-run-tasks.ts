import { join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import type { Recipe, RunRecord } from '../../../shared/schemas/run'
import type { Collection, Task } from '../../engine/datasets/collection'
import { holdOut } from '../../engine/datasets/hold-out/hold-out'
import { holdsWhole } from '../../engine/datasets/hold-out/hold-out-corpora'
import { leaveOut, usualClusters } from '../../engine/datasets/hold-out/leave-out'
import { trainedSubset } from '../../engine/datasets/hold-out/trained-subset'
import { choosesWhole, judgedWhole } from '../../engine/datasets/judged-whole'
import { loadCollection } from '../../engine/datasets/load-collection'
import { resolveTasks } from '../../engine/datasets/tasks'
import { randomStream, shuffled } from '../../engine/numeric/random'
import {
  type PseudoQueryOptions,
  pseudoQueries,
  withPseudoQueries,
} from '../../engine/preferences/pseudo-queries'
import { resolveRecipe } from '../../engine/training/recipes/recipes'
import { workspacePaths } from '../../workspace/paths'
import { askedByGenerated } from '../generation/run-queries'
import type { OperationContext } from '../operation'

/** The tasks of a run, split as its request says. The same request and data give the same split in every process. */
export interface RunTasks {
  readonly collections: readonly Collection[]
  readonly all: readonly Task[]
  /** Trained on. */
  readonly seen: readonly Task[]
  /** Held out whole. */
  readonly unseen: readonly Task[]
  /** Neither, for being too close to a card that is held out. */
  readonly dropped: readonly Task[]
  /** Left out of training to choose on. */
  readonly ruleTasks: readonly Task[]
  /** Neither trained nor tested, since fewer trained tasks were asked for. */
  readonly spare: readonly Task[]
  /** Neither trained nor tested, for want of train queries. */
  readonly bare: readonly Task[]
}

/** What of a run its split follows from. */
export type SplitSubject = Pick<
  RunRecord,
  'id' | 'kind' | 'recipe' | 'request' | 'datasets' | 'seen' | 'unseen' | 'ruleTasks'
>

export function openCollection(id: string, seed: number, context: OperationContext): Promise<Collection> {
  const templates = join(context.appRoot, 'resources', 'cards')
  return loadCollection(workspacePaths(context.workspace).dataset(id), templates, seed)
}

/** As openCollection, memoised: runs of one operation on the same data share it. */
export function memoisedOpenCollection(): typeof openCollection {
  const opened = new Map<string, Promise<Collection>>()
  return (id, seed, context) => {
    const key = JSON.stringify([id, seed])
    const collection = opened.get(key) ?? openCollection(id, seed, context)
    opened.set(key, collection)
    return collection
  }
}

export async function loadRunTasks(
  run: SplitSubject,
  context: OperationContext,
  open = openCollection,
  /** There is no run yet, nor what its preparation writes. */
  planned = false,
): Promise<RunTasks> {
  const { tasks: patterns, seed, splitSeed, unseen, holdOut: mode, ruleClusters, trained } = run.request
  const collections = new Map<string, Collection>()
  const settings = querySettings(run)
  // A pattern over datasets means those that were there when the run began.
  const ids = run.datasets.map(({ id }) => id)
  const all = await resolveTasks(patterns, ids, async (id) => {
    const collection = await open(id, seed, context)
    collections.set(id, collection)
    if (settings.queries === 'generated')
      return askedByGenerated(collection, { run, settings, planned }, context)
    if (settings.queries === 'judged') return collection
    return askedByDocuments(collection, { count: settings.pseudoQueries, seed })
  })
  const list = [...collections.values()]
  if (run.kind === 'frozen')
    return { collections: list, all, seen: all, unseen: [], dropped: [], ruleTasks: [], spare: [], bare: [] }
  const judged = (unseen: readonly Task[]) => (holdsWhole(mode) ? unseen.map(judgedWhole) : unseen)
  const choosing = (tasks: readonly Task[]) => (holdsWhole(mode) ? tasks.map(choosesWhole) : tasks)
  // A split that was written down is never drawn again: a later version may draw otherwise.
  if (run.seen.length > 0) {
    const recorded = recordedSplit(run, all)
    const { unseen, ruleTasks } = recorded
    return { collections: list, all, ...recorded, unseen: judged(unseen), ruleTasks: choosing(ruleTasks) }
  }
  const split =
    unseen === 0 ? { seen: all, unseen: [], dropped: [] } : holdOut(all, { unseen, mode, seed: splitSeed })
  const trainable = split.seen.filter((task) => task.train.queries.length > 0)
  if (trainable.length === 0) throw nothingToTrain(all)
  // In random order, so that `the first 40` is a fair sample wherever one is needed.
  const clusters = split.unseen.length > 0 ? (ruleClusters ?? usualClusters(trainable, mode)) : 0
  const ruleTasks = clusters > 0 ? leaveOut(trainable, { clusters, mode, seed: splitSeed }) : []
  const rest = trainable.filter((task) => !ruleTasks.includes(task))
  const chosen = trained === undefined ? rest : trainedSubset(rest, { count: trained, mode, seed: splitSeed })
  const seen = shuffled(chosen, randomStream(seed, 'task order'))
  const spare = rest.filter((task) => !chosen.includes(task))
  const bare = split.seen.filter((task) => task.train.queries.length === 0)
  return {
    collections: list,
    all,
    seen,
    unseen: judged(split.unseen),
    dropped: split.dropped,
    ruleTasks: choosing(ruleTasks),
    spare,
    bare,
  }
}

/** In the recorded order, on which sampling depends; what was left out then is named in the run's notes. */
function recordedSplit(run: SplitSubject, all: readonly Task[]): Omit<RunTasks, 'collections' | 'all'> {
  const byId = new Map(all.map((task) => [task.id, task]))
  const find = (id: string) => {
    const task = byId.get(id)
    if (task) return task
    throw new HydraError('TASK_UNKNOWN', {
      expected: `the tasks that ${run.id} was split into`,
      got: `no ${id} in the workspace any more`,
      remedy: 'Import the dataset as it was, or train a new run.',
    })
  }
  return {
    seen: run.seen.map(find),
    unseen: run.unseen.map(find),
    dropped: [],
    ruleTasks: (run.ruleTasks ?? []).map(find),
    spare: [],
    bare: [],
  }
}

/** What asks in a run. The recipe is settled after the tasks are known, but this of it never depends on them. */
export function querySettings({
  kind,
  recipe,
  request,
}: Pick<RunRecord, 'kind' | 'recipe' | 'request'>): Pick<Recipe, 'queries' | 'pseudoQueries' | 'generated'> {
  const { preset, steps, overrides } = request
  const settings = recipe ?? resolveRecipe(preset, 1, steps, overrides)
  return kind === 'frozen' ? { ...settings, queries: 'judged' } : settings
}

function askedByDocuments(collection: Collection, options: PseudoQueryOptions): Collection {
  const made = pseudoQueries(collection, options)
  if (made.length > 0) return withPseudoQueries(collection, made)
  throw new HydraError('TASK_UNUSABLE', {
    expected: 'documents with a title or a first sentence of 3 to 64 words, to ask as pseudo-queries',
    got: `none among the ${collection.documents.ids.length.toLocaleString('en')} documents of ${collection.id}`,
    remedy: 'Leave the dataset out, or train on judged queries.',
    command: 'hydra train --set queries=judged',
  })
}

function nothingToTrain(tasks: readonly Task[]): HydraError {
  const bare = tasks.filter((task) => task.train.queries.length === 0).map(({ id }) => id)
  return new HydraError('TASK_UNUSABLE', {
    expected: 'at least one task with judged train queries',
    got: bare.length > 0 ? `no train split in ${bare.slice(0, 3).join(', ')}` : 'every task held out',
    remedy:
      'Add a task with a train split, hold fewer out, or learn from a teacher other than judgments on pseudo-queries.',
    command: 'hydra train --teacher bm25 --set queries=pseudo',
  })
}
