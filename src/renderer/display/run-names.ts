import type { RunRecord } from '../../shared/schemas/run'
import { dateTime } from './format'

/** What each run is called beside the others: its title, with its seed or its date where titles are the same. */
export function runNames(runs: readonly RunRecord[]): string[] {
  const candidates = [
    (run: RunRecord) => run.title,
    (run: RunRecord) => `${run.title}, seed ${run.request.seed}`,
    (run: RunRecord) => `${run.title}, ${dateTime(run.createdAt)}`,
    (run: RunRecord) => run.id,
  ]
  return runs.map((run) => {
    const alike = runs.filter((other) => other !== run)
    const name = candidates.find((of) => alike.every((other) => of(other) !== of(run)))
    return (name ?? candidates[3])(run)
  })
}
