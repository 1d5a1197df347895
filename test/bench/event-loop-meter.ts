/** Between two looks at the clock: short, so that no block of tens of milliseconds hides between them. */
const PERIOD_MS = 5

/**
 * Measures how long the event loop of this process is kept from its timers: what a click or a keystroke would have to wait.
 * `performance` rather than the histogram of node:perf_hooks, whose resolution and rounding hide short blocks.
 */
export function startEventLoopMeter(): { stop(): { longestMs: number; samples: number } } {
  let last = performance.now()
  let longestMs = 0
  let samples = 0
  const timer = setInterval(() => {
    const now = performance.now()
    longestMs = Math.max(longestMs, now - last - PERIOD_MS)
    samples++
    last = now
  }, PERIOD_MS)
  return {
    stop() {
      clearInterval(timer)
      longestMs = Math.max(longestMs, performance.now() - last - PERIOD_MS)
      return { longestMs, samples }
    },
  }
}
