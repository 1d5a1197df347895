import { join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import type { RunRecord } from '../../../shared/run'
import type { Collection, Task } from '../../engine/datasets/collection'
import { holdOut } from '../../engine/datasets/hold-out'
import { loadCollection } from '../../engine/datasets/load-collection'
import { resolveTasks } from '../../engine/datasets/tasks'
import { randomStream, shuffled } from '../../engine/numeric/random'
import { workspacePaths } from '../../workspace/paths'
import type { OperationContext } from '../operation'

/** The tasks of a run, split as its request says. The same request and data give the same split in every process. */
export interface RunTasks {
  readonly collections: readonly Collection[]
  readonly all: readonly Task[]
  /** Trained on. */
  readonly seen: readonly Task[]
  /** Held out whole. */
  readonly unseen: readonly Task[]
}

export function openCollection(id: string, seed: number, context: OperationContext): Promise<Collection> {
  const templates = join(context.appRoot, 'resources', 'cards')
  return loadCollection(workspacePaths(context.workspace).dataset(id), templates, seed)
}

export async function loadRunTasks(run: RunRecord, context: OperationContext): Promise<RunTasks> {
  const {
    tasks: patterns,
    seed,
    unseen: share,
    holdOut: mode,
  } = run.request as Required<RunRecord['request']>
  const collections = new Map<string, Collection>()
  const all = await resolveTasks(patterns, async (id) => {
    const collection = await openCollection(id, seed, context)
    collections.set(id, collection)
    return collection
  })
  const list = [...collections.values()]
  if (run.kind === 'frozen') return { collections: list, all, seen: all, unseen: [] }
  const split = share > 0 ? holdOut(all, { share, mode, seed }) : { seen: all, unseen: [] }
  const trainable = split.seen.filter((task) => task.train.queries.length > 0)
  if (trainable.length === 0) throw nothingToTrain(all)
  // In random order, so that `the first 40` is a fair sample wherever one is needed.
  const seen = shuffled(trainable, randomStream(seed, 'task order'))
  return { collections: list, all, seen, unseen: split.unseen }
}

function nothingToTrain(tasks: readonly Task[]): HydraError {
  const bare = tasks.filter((task) => task.train.queries.length === 0).map(({ id }) => id)
  return new HydraError('TASK_UNUSABLE', {
    expected: 'at least one task with judged train queries',
    got: bare.length > 0 ? `no train split in ${bare.slice(0, 3).join(', ')}` : 'every task held out',
    remedy: 'Add a task with a train split, or lower --unseen. `hydra datasets show ID` lists the splits.',
  })
}
