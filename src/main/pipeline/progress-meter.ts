import type { JobEvent } from '../../shared/schemas/job'

/** Progress events at most this often; the first and the last of a phase always. */
const INTERVAL_MS = 250
/** Rates look at this much of the past, so that a pause or a warm-up is soon forgotten. */
const WINDOW_MS = 5000

/** Turns `done of total` calls into progress events with a rate and the time left. */
export function progressMeter(options: {
  readonly phase: string
  readonly unit: string
  readonly emit: (event: JobEvent) => void
  readonly now: () => Date
}): (done: number, total: number) => void {
  const marks: { at: number; done: number }[] = []
  let lastSent = Number.NEGATIVE_INFINITY
  return (done, total) => {
    const at = options.now().getTime()
    marks.push({ at, done })
    while (marks.length > 2 && marks[0].at < at - WINDOW_MS) marks.shift()
    if (at - lastSent < INTERVAL_MS && done < total) return
    lastSent = at
    const seconds = (at - marks[0].at) / 1000
    const rate = seconds > 0 ? (done - marks[0].done) / seconds : 0
    const remaining = done >= total ? 0 : rate > 0 ? (total - done) / rate : null
    options.emit({
      type: 'progress',
      at,
      progress: { phase: options.phase, unit: options.unit, done, total, rate, remaining },
    })
  }
}
