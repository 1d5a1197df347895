import type { ServiceContext } from '../service-context'
import { procedures } from './implement-contract'

export function jobProcedures({ queue }: ServiceContext) {
  const { jobs } = procedures
  return {
    list: jobs.list.handler(() => queue.list()),
    show: jobs.show.handler(({ input }) => queue.show(input.id)),
    pause: jobs.pause.handler(({ input }) => queue.pause(input.id)),
    cancel: jobs.cancel.handler(({ input }) => queue.cancel(input.id)),
    watch: jobs.watch.handler(async ({ input, signal }) => queue.watch(input.id, signal)),
    changes: jobs.changes.handler(async ({ signal }) => queue.changes(signal)),
  }
}
