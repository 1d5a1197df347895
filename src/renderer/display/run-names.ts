import { dateTime } from './format'

/** What a run may be told by. */
interface NamedRun {
  readonly id: string
  readonly title: string
  readonly createdAt: string
  readonly request: { readonly seed: number }
}

/** What each run is called beside the others: its title, with its seed or its date where titles are the same. */
export function runNames(runs: readonly NamedRun[]): string[] {
  const candidates = [
    (run: NamedRun) => run.title,
    (run: NamedRun) => `${run.title}, seed ${run.request.seed}`,
    (run: NamedRun) => `${run.title}, ${dateTime(run.createdAt)}`,
    (run: NamedRun) => run.id,
  ]
  return runs.map((run) => {
    const alike = runs.filter((other) => other !== run)
    const name = candidates.find((of) => alike.every((other) => of(other) !== of(run)))
    return (name ?? candidates[3])(run)
  })
}
