import type { RunSummary } from '../../shared/schemas/runs/run-summary'
import { dateTime } from './format'

/** What each run is called beside the others: its title, with its seed or its date where titles are the same. */
export function runNames(runs: readonly RunSummary[]): string[] {
  const candidates = [
    (run: RunSummary) => run.title,
    (run: RunSummary) => `${run.title}, seed ${run.request.seed}`,
    (run: RunSummary) => `${run.title}, ${dateTime(run.createdAt)}`,
    (run: RunSummary) => run.id,
  ]
  return runs.map((run) => {
    const alike = runs.filter((other) => other !== run)
    const name = candidates.find((of) => alike.every((other) => of(other) !== of(run)))
    return (name ?? candidates[3])(run)
  })
}
