import { compareReproduction } from '../../engine/reporting/reproduction'
import { reproduceRun, requireJudged } from '../runs/reproduce-run'
import type { ServiceContext } from '../service-context'
import { procedures } from './implement-contract'

export function reproductionProcedures(context: ServiceContext) {
  const { reproductions } = procedures
  return {
    start: reproductions.start.handler(({ input }) => reproduceRun(context, input.id)),
    compare: reproductions.compare.handler(async ({ input }) =>
      compareReproduction(
        await requireJudged(context, input.original),
        await requireJudged(context, input.again),
      ),
    ),
  }
}
