import { distinctMeasures } from '../../engine/measures'
import { readRun } from '../../workspace/runs/run-folder'
import { readTaskMatrix } from '../../workspace/runs/task-matrix-file'
import { requireWriter } from '../require-writer'
import { startFrozen } from '../runs/start-frozen'
import type { ServiceContext } from '../service-context'
import { startJob } from '../start-job'
import { procedures } from './implement-contract'

export function evaluationProcedures(context: ServiceContext) {
  const { evaluation } = procedures
  return {
    start: evaluation.start.handler(async ({ input }) => {
      requireWriter(context)
      const { measures } = input
      distinctMeasures(measures)
      if ('run' in input) {
        const run = await readRun(context.workspace, input.run)
        return startJob(
          context,
          { kind: 'evaluate', title: `Evaluate ${run.id}`, runs: [run.id] },
          'evaluate',
          { run: run.id, measures },
        )
      }
      const { frozen: _, measures: __, ...asked } = input
      return startFrozen(context, asked, measures)
    }),

    startMatrix: evaluation.startMatrix.handler(async ({ input }) => {
      requireWriter(context)
      const { id } = await readRun(context.workspace, input.run)
      const title = `Score every card of ${id} on every task, k = ${input.examples}`
      return startJob(context, { kind: 'matrix', title, runs: [id] }, 'task-matrix', input)
    }),

    matrix: evaluation.matrix.handler(async ({ input }) => {
      const run = await readRun(context.workspace, input.run)
      const matrix = await readTaskMatrix(context.workspace, input)
      const isOf = ({ id, sha256 }: { id: string; sha256: string }) =>
        run.datasets.some((dataset) => dataset.id === id && dataset.sha256 === sha256)
      return matrix?.datasets.every(isOf) ? matrix : null
    }),
  }
}
