import { readRun } from '../workspace/run-folder'
import { procedures } from './procedures'
import type { ServiceContext } from './service-context'

export function searchProcedures({ workspace, session }: ServiceContext) {
  return {
    query: procedures.search.query.handler(async ({ input, signal }) => {
      if (input.run !== 'frozen') await readRun(workspace, input.run)
      return session.request('search', input, signal)
    }),
  }
}
