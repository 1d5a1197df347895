import { readRun } from '../workspace/run-folder'
import { procedures } from './procedures'
import { requireTasks } from './require-tasks'
import { requireWriter } from './require-writer'
import type { ServiceContext } from './service-context'
import { startJob } from './start-job'
import { startRun } from './start-run'

export function evaluationProcedures(context: ServiceContext) {
  return {
    start: procedures.evaluation.start.handler(async ({ input }) => {
      requireWriter(context)
      if ('run' in input) {
        const run = await readRun(context.workspace, input.run)
        return startJob(
          context,
          { kind: 'evaluate', title: `Evaluate ${run.id}`, runs: [run.id] },
          'evaluate',
          { run: run.id },
        )
      }
      const { frozen: _, ...request } = input
      const datasets = await requireTasks(context, request.tasks)
      const title = `Evaluate frozen on ${request.tasks.join(', ')}`
      const slug = `frozen-${datasets.map(({ id }) => id).join('-')}`
      const run = await startRun(context, { kind: 'frozen', title, slug, request, datasets })
      return startJob(context, { kind: 'evaluate', title, runs: [run.id] }, 'evaluate', { run: run.id })
    }),
  }
}
