import { randomUUID } from 'node:crypto'
import { type RecordedRequest, type TrainRequest, trainRequestSchema } from '../../../shared/schemas/run'
import { taskSplitSchema } from '../../../shared/schemas/runs/plan'
import type { Task } from '../../engine/datasets/collection'
import { listDatasets } from '../../engine/datasets/dataset-record'
import { workspacePaths } from '../../workspace/paths'
import { loadRunTasks, querySettings, type RunTasks } from '../datasets/load-run-tasks'
import { requireScored } from '../datasets/require-scored'
import { BARE_REASON, DROPPED_REASON, RULE_REASON, SPARE_REASON, splitNotes } from '../datasets/split-notes'
import { defineOperation, type OperationContext } from '../operation'

/** Names that travel of each part. */
const MOST_NAMED = 50

/** How a request's tasks would be split: what a run of it does first, without the run. */
export const splitTasks = defineOperation({
  name: 'split-tasks',
  input: trainRequestSchema,
  output: taskSplitSchema,
  session: true,
  async run(asked, context) {
    const { request, tasks } = await plannedTasks(asked, context)
    const { queries } = querySettings({ kind: 'train', recipe: null, request })
    const unscored = requireScored([...tasks.seen, ...tasks.unseen], 'test', queries)
    const leftOut = [
      { ...part(tasks.dropped), reason: DROPPED_REASON[request.holdOut] },
      { ...part(tasks.ruleTasks), reason: RULE_REASON },
      { ...part(tasks.spare), reason: SPARE_REASON },
      { ...part(tasks.bare), reason: BARE_REASON },
    ]
    return {
      tasks: tasks.all.length,
      trained: part(tasks.seen),
      heldOut: part(tasks.unseen),
      leftOut: leftOut.filter(({ count }) => count > 0),
      notes: [...splitNotes(request, tasks), ...unscored],
    }
  },
})

/** The tasks of a run that does not exist yet; its collections stay open in the session. */
export async function plannedTasks(
  asked: TrainRequest,
  context: OperationContext,
): Promise<{ request: RecordedRequest; tasks: RunTasks }> {
  const parsed = trainRequestSchema.parse(asked)
  const request = { ...parsed, splitSeed: parsed.splitSeed ?? parsed.seed }
  const datasets = await listDatasets(workspacePaths(context.workspace).datasets)
  const run = {
    id: randomUUID(),
    kind: 'train' as const,
    recipe: null,
    datasets,
    seen: [],
    unseen: [],
    request,
  }
  return { request, tasks: await loadRunTasks(run, context, context.warm.collection, true) }
}

function part(tasks: readonly Task[]) {
  const ids = tasks.map(({ id }) => id).sort()
  return { count: ids.length, tasks: ids.slice(0, MOST_NAMED) }
}

declare module '../operation' {
  interface Operations {
    'split-tasks': typeof splitTasks
  }
}
