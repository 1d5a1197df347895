import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import type { Verdict } from '../../../shared/schemas/verdict'
import { readRun, updateRun } from '../../workspace/runs/run-folder'
import { readVerdict } from '../../workspace/runs/run-results'
import { loadRunTasks } from '../datasets/load-run-tasks'
import { protocolNotes } from '../datasets/protocol-notes'
import { requireScored } from '../datasets/require-scored'
import { encodeTasks } from '../encoding/encode-tasks'
import { defineOperation, runInput } from '../operation'
import { TASK_CARD } from '../training/trained-systems'
import { evaluateRun, readCheckpoint } from './evaluate-run'
import { restoreImportedRuns } from './import-run'

/** Scores a finished run again from its checkpoints, or the frozen encoder where nothing was trained. */
export const evaluate = defineOperation({
  name: 'evaluate',
  input: runInput.extend({
    /** Beside the headline ones, and those that the run was scored with before. */
    measures: z.array(z.string()).default([]),
  }),
  output: runInput,
  session: false,
  async run({ run: id, measures }, context) {
    const run = await readRun(context.workspace, id)
    if (run.kind !== 'frozen' && !(await readCheckpoint(context.workspace, id, TASK_CARD))) {
      throw new HydraError('RUN_INCOMPLETE', {
        expected: 'a run that was trained to the end',
        got: `${id}, which is ${run.state}`,
        remedy: 'Train it again, or choose a run that is done.',
        command: 'hydra runs list',
      })
    }
    const { seen, unseen, ruleTasks, collections } = await loadRunTasks(run, context)
    const { split = 'test', rows } = run.request
    const unscored = requireScored([...seen, ...unseen], split)
    const doubts = [...unscored, ...(await protocolNotes(collections, context))]
    for (const message of unscored)
      context.emit({ type: 'log', at: context.now().getTime(), level: 'warning', message })
    const started = context.now().getTime()
    const encoder = await context.openEncoder(run.kind === 'frozen' ? run.request.encoder : run.encoder.id, 2)
    const identity = { id: encoder.id, sha256: encoder.sha256 }
    const chosen = {
      tasks: [...seen, ...unseen, ...ruleTasks],
      encoder,
      conditioning: run.recipe?.conditioning,
    }
    const request =
      run.kind === 'frozen'
        ? { ...chosen, trained: [], splits: rows.length > 0 ? [split, 'dev' as const] : [split] }
        : { ...chosen, trained: seen }
    const encoded = await encodeTasks(request, context).finally(() => encoder.dispose())
    const encode = (context.now().getTime() - started) / 1000
    const earlier = await readVerdict(context.workspace, id)
    const updated = await updateRun(context.workspace, id, {
      encoder: identity,
      datasets: collections.map((collection) => ({ id: collection.id, sha256: collection.sha256 })),
      seen: seen.map((task) => task.id),
      unseen: unseen.map((task) => task.id),
      ...(run.kind === 'frozen' ? { notes: [...doubts, ...(encoder.assumed ?? [])] } : {}),
    })
    await evaluateRun(
      {
        run: updated,
        seen: encoded.tasks.slice(0, seen.length),
        unseen: encoded.tasks.slice(seen.length, seen.length + unseen.length),
        ruleTasks: encoded.tasks.slice(seen.length + unseen.length),
        measures: [...measuresOf(earlier), ...measures],
        seconds: { encode, train: earlier?.seconds.train ?? 0 },
        encoder: encoder.fingerprint,
        threads: 2,
      },
      context,
    )
    await restoreImportedRuns(id, context)
    return { run: id }
  },
})

/** Measures of a run that was scored before, in their order: what a table has, it keeps. */
function measuresOf(verdict: Verdict | null): string[] {
  return [...new Set(verdict?.rows.flatMap(({ mean }) => Object.keys(mean)))]
}

declare module '../operation' {
  interface Operations {
    evaluate: typeof evaluate
  }
}
