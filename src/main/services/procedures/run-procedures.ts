import { HydraError } from '../../../shared/errors'
import type { Verdict } from '../../../shared/schemas/verdict'
import { readEvents } from '../../workspace/run-events'
import { listRuns, readRun } from '../../workspace/run-folder'
import { readVerdict } from '../../workspace/run-results'
import { resumeRun } from '../resume-run'
import type { ServiceContext } from '../service-context'
import { stopRun } from '../stop-run'
import { procedures } from './implement-contract'

/** A verdict on more tasks than this travels without its per-task scores; `runs.tasks` gives them row by row. */
const MOST_TASKS_INLINE = 50

export function runProcedures(context: ServiceContext) {
  const { workspace, session } = context
  const { runs } = procedures
  return {
    list: runs.list.handler(() => listRuns(workspace)),
    show: runs.show.handler(({ input }) => readRun(workspace, input.id)),
    pause: runs.pause.handler(({ input }) => stopRun(context, input.id, 'pause')),
    cancel: runs.cancel.handler(({ input }) => stopRun(context, input.id, 'cancel')),
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
