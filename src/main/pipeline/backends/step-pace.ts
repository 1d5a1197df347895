/** Steps, or seconds where these are slow, that only warm up: shaders are compiled and memory is taken. */
const WARM_UP_STEPS = 5

/** Of steps that are reported as they come, several at once where a device makes several at once. */
export interface StepPace {
  /** @param steps made so far */
  reached(steps: number): void
  /** Enough was measured. */
  readonly over: boolean
  millisecondsPerStep(): number
}

/** Measures for so many seconds, behind as many at most that only warm up. @param now milliseconds */
export function stepPace(seconds: number, now: () => number): StepPace {
  const started = now()
  const long = (since: number, at: number) => at - since >= seconds * 1000
  let begun: { steps: number; at: number } | null = null
  let last = { steps: 0, at: started }
  return {
    reached(steps) {
      if (steps === last.steps) return
      last = { steps, at: now() }
      if (!begun && (steps >= WARM_UP_STEPS || long(started, last.at))) begun = last
    },
    get over() {
      return begun !== null && last !== begun && long(begun.at, last.at)
    },
    millisecondsPerStep() {
      const from = begun && begun !== last ? begun : { steps: 0, at: started }
      return (last.at - from.at) / (last.steps - from.steps)
    },
  }
}
