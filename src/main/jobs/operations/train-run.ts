import type { RunRecord } from '../../../shared/run'
import { resolveRecipe } from '../../engine/training/recipes'
import { readRun, updateRun } from '../../workspace/run-folder'
import type { OperationContext } from '../operation'
import { evaluateRun } from './evaluate-run'
import { encodeTasks } from './task-encoding'
import { loadRunTasks } from './task-loading'

const ARMS = ['task card', 'no card']

/** A run on its way: split and encoded, then trained, then evaluated; the demo overlaps the stages of two runs. */
export interface PreparedRun {
  train(): Promise<void>
  evaluate(threads: number): Promise<void>
}

/** Splits the tasks, settles the recipe, encodes what is not in the cache, and writes down all of it. */
export async function prepareRun(id: string, context: OperationContext): Promise<PreparedRun> {
  const asked = await readRun(context.workspace, id)
  const { request } = asked
  const tasks = await loadRunTasks(asked, context)
  const recipe = resolveRecipe(request.preset ?? 'recommended', tasks.seen.length, request.steps)
  const started = context.now().getTime()
  const encoder = await context.openEncoder(request.encoder ?? 'all-MiniLM-L6-v2', 2)
  const identity = { id: encoder.id, sha256: encoder.sha256 }
  const chosen = [...tasks.seen, ...tasks.unseen]
  const encoded = await encodeTasks({ tasks: chosen, trained: tasks.seen, encoder }, context).finally(() =>
    encoder.dispose(),
  )
  const seconds = { encode: (context.now().getTime() - started) / 1000, train: 0 }
  let run: RunRecord = await updateRun(context.workspace, id, {
    recipe,
    encoder: identity,
    datasets: tasks.collections.map(({ id: dataset, sha256 }) => ({ id: dataset, sha256 })),
    seen: tasks.seen.map((task) => task.id),
    unseen: tasks.unseen.map((task) => task.id),
  })
  const seen = encoded.tasks.slice(0, tasks.seen.length)
  const unseen = encoded.tasks.slice(tasks.seen.length)
  return {
    async train() {
      const arms = ARMS.filter((arm) => wants(request.rows ?? [], arm))
      if (arms.length === 0) return
      const begun = context.now().getTime()
      const split = `${seen.length} ${seen.length === 1 ? 'task' : 'tasks'} trained, ${unseen.length} held out`
      context.emit({
        type: 'log',
        at: begun,
        level: 'info',
        message: `${split}; ${recipe.steps} steps, seed ${request.seed}`,
      })
      const results = await Promise.all(
        arms.map((arm, i) =>
          context.fork('train-arm', { run: id, arm, leads: i === 0 ? arms.join(' and ') : '' }),
        ),
      )
      seconds.train = (context.now().getTime() - begun) / 1000
      run = await updateRun(context.workspace, id, { backend: results[0].backend })
    },
    async evaluate(threads) {
      await evaluateRun({ run, seen, unseen, seconds, threads }, context)
    },
  }
}

/** A wrong card needs the task card's network. */
function wants(rows: readonly string[], arm: string): boolean {
  return rows.length === 0 || rows.includes(arm) || (arm === 'task card' && rows.includes('wrong card'))
}
