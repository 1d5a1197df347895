import { readRun } from '../../workspace/run-folder'
import { requireDataset } from '../require-dataset'
import type { ServiceContext } from '../service-context'
import { procedures } from './implement-contract'

export function playgroundProcedures({ workspace, session }: ServiceContext) {
  const { playground } = procedures
  const check = async ({ run, dataset }: { run: string; dataset?: string }) => {
    if (run !== 'frozen') await readRun(workspace, run)
    if (dataset !== undefined) await requireDataset(workspace, dataset)
  }
  return {
    rank: playground.rank.handler(async ({ input, signal }) => {
      await check(input)
      return session.request('playground-rank', input, signal)
    }),
    explain: playground.explain.handler(async ({ input, signal }) => {
      await check(input)
      return session.request('playground-explain', input, signal)
    }),
    task: playground.task.handler(async ({ input, signal }) => {
      await check(input)
      return session.request('playground-task', input, signal)
    }),
  }
}
