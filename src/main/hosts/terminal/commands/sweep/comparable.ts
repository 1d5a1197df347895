import type { Sweep } from '../../../../../shared/schemas/runs/sweep'

/** As many runs as one comparison takes. */
const MOST = 26

/** How the runs of a sweep that are done are laid side by side. */
export interface ComparableRuns {
  /** Of the window’s page Compare: all of them, whatever they were judged on. */
  readonly address: string | null
  /** Those that were judged on the same cards: of one split seed. */
  readonly judgedAlike: readonly { readonly splitSeed: number; readonly runs: readonly string[] }[]
}

/** Of more runs than a comparison takes those of the first seeds. */
export function comparable({ points }: Pick<Sweep, 'points'>): ComparableRuns {
  const done = points
    .flatMap(({ runs }) =>
      runs.flatMap(({ seed, splitSeed, run }) =>
        run?.state === 'done' ? [{ seed, splitSeed, run: run.id }] : [],
      ),
    )
    .sort((a, b) => a.splitSeed - b.splitSeed || a.seed - b.seed)
  const several = (runs: typeof done) => (runs.length > 1 ? runs.slice(0, MOST).map(({ run }) => run) : [])
  const splitSeeds = [...new Set(done.map(({ splitSeed }) => splitSeed))]
  const all = several(done)
  return {
    address: all.length > 0 ? `/compare?${all.map((run) => `run=${run}`).join('&')}` : null,
    judgedAlike: splitSeeds
      .map((splitSeed) => ({ splitSeed, runs: several(done.filter((one) => one.splitSeed === splitSeed)) }))
      .filter(({ runs }) => runs.length > 0),
  }
}
