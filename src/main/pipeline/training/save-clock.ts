/** A crash costs about this much training. */
const PERIOD_MS = 10_000
/** Saving may take this share of the time: large networks are saved less often. */
const SHARE = 1 / 30

/** When a training's state should be saved: every ten seconds, and less often where saving itself is slow. */
export function saveClock(now: () => number) {
  let next = now() + PERIOD_MS
  return {
    due: (): boolean => now() >= next,
    /** Runs a save and puts the next one off by what it took. */
    async timed(save: () => Promise<void>): Promise<void> {
      const begun = now()
      await save()
      const ended = now()
      next = ended + Math.max(PERIOD_MS, (ended - begun) / SHARE)
    },
  }
}
