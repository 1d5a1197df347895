import type { Sweeps } from '../sweeps/sweeps'
import { procedures } from './implement-contract'

export function sweepProcedures(all: Sweeps) {
  const { sweeps } = procedures
  return {
    start: sweeps.start.handler(({ input: { workers, ...request } }) => all.start(request, workers)),
    ended: sweeps.ended.handler(async ({ input }) => {
      await all.ended(input.id)
      return {}
    }),
    pause: sweeps.pause.handler(async ({ input }) => {
      await all.pause(input.id)
      return {}
    }),
    units: sweeps.units.handler(({ input }) => all.units(input)),
    show: sweeps.show.handler(({ input }) => all.show(input)),
  }
}
