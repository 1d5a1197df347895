import { compareReproduction } from '../../engine/reporting/reproduction'
import { reproduceRun, requireJudged } from '../runs/reproduce-run'
import type { ServiceContext } from '../service-context'
import { listClaims } from '../sweeps/claims'
import type { Sweeps } from '../sweeps/sweeps'
import { procedures } from './implement-contract'

export function reproductionProcedures(context: ServiceContext, sweeps: Sweeps) {
  const { reproductions } = procedures
  return {
    start: reproductions.start.handler(({ input }) => reproduceRun(context, input.id)),
    claims: reproductions.claims.handler(() => listClaims(context, sweeps)),
    compare: reproductions.compare.handler(async ({ input }) =>
      compareReproduction(
        await requireJudged(context, input.original),
        await requireJudged(context, input.again),
      ),
    ),
  }
}
