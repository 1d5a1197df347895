import type { SuggestedCards } from '../../../shared/schemas/playground'
import { memoisedPromises } from '../../pipeline/memoised-promises'
import { readRun } from '../../workspace/runs/run-folder'
import { requireDataset } from '../require-dataset'
import type { ServiceContext } from '../service-context'
import { procedures } from './implement-contract'

/** Runs whose suggestions are cached. */
const MOST_SUGGESTED = 32

export function playgroundProcedures({ workspace, session, preparations }: ServiceContext) {
  const { playground } = procedures
  // What a run suggests never changes: its networks and datasets do not.
  const suggestions = memoisedPromises<SuggestedCards>(MOST_SUGGESTED)
  const check = async ({ run, dataset }: { run: string; dataset?: string }) => {
    if (run !== 'frozen') await readRun(workspace, run)
    if (dataset !== undefined) await requireDataset(workspace, dataset)
  }
  return {
    rank: playground.rank.handler(async ({ input, signal }) => {
      await check(input)
      return preparations.during(corpusOf(input), (emit) =>
        session.request('playground-rank', input, signal, emit),
      )
    }),
    explain: playground.explain.handler(async ({ input, signal }) => {
      await check(input)
      return preparations.during(corpusOf(input), (emit) =>
        session.request('playground-explain', input, signal, emit),
      )
    }),
    preparing: playground.preparing.handler(async ({ signal }) => preparations.watch(signal)),
    suggest: playground.suggest.handler(async ({ input }) => {
      await check(input)
      return suggestions(JSON.stringify(input), () => session.request('playground-suggest', input))
    }),
    task: playground.task.handler(async ({ input, signal }) => {
      await check(input)
      return session.request('playground-task', input, signal)
    }),
  }
}

/** As the page names it; a request that leaves it open (from a terminal) is found under its run. */
function corpusOf({ run, dataset }: { run: string; dataset?: string }): string {
  return dataset ?? run
}
