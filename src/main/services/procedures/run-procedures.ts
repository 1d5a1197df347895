import { HydraError } from '../../../shared/errors'
import type { Verdict } from '../../../shared/schemas/verdict'
import { emptyDeletedRuns, listDeletedRuns } from '../../workspace/runs/deleted-runs'
import { annotateRun, readAnnotationsOrNone } from '../../workspace/runs/run-annotations'
import { readEvents } from '../../workspace/runs/run-events'
import { listRuns, readRun } from '../../workspace/runs/run-folder'
import { readVerdict } from '../../workspace/runs/run-results'
import { deleteRuns, restoreRuns } from '../runs/deleted-runs'
import { resumeRun } from '../runs/resume-run'
import { stopRun } from '../runs/stop-run'
import type { ServiceContext } from '../service-context'
import { withLock } from '../with-lock'
import { procedures } from './implement-contract'

/** A verdict on more tasks than this travels without its per-task scores; `runs.tasks` gives them row by row. */
const MOST_TASKS_INLINE = 50

export function runProcedures(context: ServiceContext) {
  const { workspace, session, runIndex } = context
  const { runs } = procedures
  /** Windows hear of a change as soon as it is on disk. */
  const told = async <Result>(ids: readonly string[], done: Promise<Result>): Promise<Result> => {
    const result = await done
    await runIndex.look(ids)
    return result
  }
  return {
    list: runs.list.handler(async () => {
      const all = await listRuns(workspace)
      const annotations = await Promise.all(all.map(({ id }) => readAnnotationsOrNone(workspace, id)))
      return all.map((run, i) => ({ ...run, annotations: annotations[i] }))
    }),
    show: runs.show.handler(({ input }) => readRun(workspace, input.id)),
    watch: runs.watch.handler(async ({ signal }) => runIndex.watch(signal)),
    annotate: runs.annotate.handler(async ({ input }) => {
      const { ids, ...change } = input
      // Before the first is written: a slip among many changes nothing.
      for (const id of ids) await readRun(workspace, id)
      const annotate = async () => {
        const written = []
        for (const id of ids) written.push({ id, annotations: await annotateRun(workspace, id, change) })
        return written
      }
      return told(ids, annotate())
    }),
    delete: runs.delete.handler(({ input }) => told(input.ids, deleteRuns(context, input.ids))),
    restore: runs.restore.handler(async ({ input }) => {
      await told(input.ids, restoreRuns(context, input.ids))
      return input
    }),
    deleted: runs.deleted.handler(() => listDeletedRuns(workspace)),
    emptyDeleted: runs.emptyDeleted.handler(async () => ({
      runs: await withLock(context, () => emptyDeletedRuns(workspace)),
    })),
    pause: runs.pause.handler(({ input }) => told([input.id], stopRun(context, input.id, 'pause'))),
    cancel: runs.cancel.handler(({ input }) => told([input.id], stopRun(context, input.id, 'cancel'))),
    resume: runs.resume.handler(({ input }) => resumeRun(context, input.id)),
    events: runs.events.handler(async ({ input }) => {
      const run = await readRun(workspace, input.id)
      return readEvents(workspace, run.id)
    }),
    curves: runs.curves.handler(async ({ input, signal }) => {
      const run = await readRun(workspace, input.id)
      return session.request('read-curves', { ...input, id: run.id }, signal)
    }),
    verdict: runs.verdict.handler(async ({ input }) => {
      const run = await readRun(workspace, input.id)
      const verdict = await readVerdict(workspace, run.id)
      return verdict && withoutLongTasks(verdict)
    }),
    tasks: runs.tasks.handler(async ({ input }) => {
      const run = await readRun(workspace, input.id)
      const verdict = await readVerdict(workspace, run.id)
      const row = verdict?.rows.find(
        ({ row, bm25, cards, examples }) =>
          row === input.row && !bm25 && cards === input.cards && examples === input.examples,
      )
      if (row?.tasks) return row.tasks
      throw new HydraError('OPTION_UNKNOWN', {
        expected: 'a row of this run’s verdict, with its cards and number of examples',
        got: `${input.row}, ${input.cards} cards, ${input.examples} examples`,
        remedy: 'Choose a row that the verdict has.',
        command: `hydra runs show ${run.id}`,
      })
    }),
  }
}

function withoutLongTasks(verdict: Verdict): Verdict {
  if (verdict.tasks.length <= MOST_TASKS_INLINE) return verdict
  return { ...verdict, rows: verdict.rows.map(({ tasks: _, ...row }) => row) }
}
