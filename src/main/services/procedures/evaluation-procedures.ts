import type { RunRecord } from '../../../shared/schemas/run'
import type { VariantSet } from '../../../shared/tables/variant-words'
import { distinctMeasures } from '../../engine/measures'
import { readRun } from '../../workspace/runs/run-folder'
import { readCardVariants } from '../../workspace/runs/tables/card-variants-file'
import { readExamplesCurve } from '../../workspace/runs/tables/examples-curve-file'
import { readTaskMatrix } from '../../workspace/runs/tables/task-matrix-file'
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
      return onSameData(run, await readTaskMatrix(context.workspace, input))
    }),

    startVariants: evaluation.startVariants.handler(async ({ input }) => {
      requireWriter(context)
      const { id } = await readRun(context.workspace, input.run)
      const title = `${VARIANT_TITLES[input.about]} of ${id}, k = ${input.examples}`
      return startJob(context, { kind: 'table', title, runs: [id] }, 'card-variants', input)
    }),

    variants: evaluation.variants.handler(async ({ input }) => {
      const run = await readRun(context.workspace, input.run)
      return onSameData(run, await readCardVariants(context.workspace, input))
    }),

    startCurve: evaluation.startCurve.handler(async ({ input }) => {
      requireWriter(context)
      const { id } = await readRun(context.workspace, input.run)
      const title = `Score ${id} over numbers of examples`
      return startJob(context, { kind: 'table', title, runs: [id] }, 'examples-curve', input)
    }),

    curve: evaluation.curve.handler(async ({ input }) => {
      const run = await readRun(context.workspace, input.run)
      return onSameData(run, await readExamplesCurve(context.workspace, input.run))
    }),
  }
}

const VARIANT_TITLES: Readonly<Record<VariantSet, string>> = {
  attribution: 'Leave out each part of the cards',
  robustness: 'Say the cards otherwise',
}

/** Null where it was made on other data than the run was scored on. */
function onSameData<Table extends { readonly datasets: readonly { id: string; sha256: string }[] }>(
  run: RunRecord,
  table: Table | null,
): Table | null {
  const isOf = ({ id, sha256 }: { id: string; sha256: string }) =>
    run.datasets.some((dataset) => dataset.id === id && dataset.sha256 === sha256)
  return table?.datasets.every(isOf) ? table : null
}
