import type { JobEvent } from '../../../shared/schemas/job'

/** Points kept for whoever comes later: beyond this, every other one of each curve goes. A curve needs no more. */
const MOST_POINTS = 2000
/** Events that a slow reader may have waiting before the newest point of a curve replaces the waiting one. */
const WAITING_BEFORE_COALESCING = 256

/**
 * What happened in one job, for any number of readers: each gets everything so far and then what comes, at its own
 * pace. Nobody waits for a slow reader: of progress only the newest of a phase is kept, and curves are thinned.
 */
export class EventLog {
  #events: JobEvent[] = []
  #points = 0
  /** Of each curve every so-manieth point is kept; how many came, by curve. */
  #stride = 1
  readonly #came = new Map<string, number>()
  #closed = false
  readonly #readers = new Set<Reader>()

  append(event: JobEvent): void {
    if (isPoint(event)) this.#keepPoint(event)
    else if (!replaceProgress(this.#events, event)) this.#events.push(event)
    for (const reader of this.#readers) reader.offer(event)
  }

  /** No event follows. */
  close(): void {
    this.#closed = true
    for (const reader of this.#readers) reader.wake()
  }

  get readers(): number {
    return this.#readers.size
  }

  async *watch(signal?: AbortSignal): AsyncGenerator<JobEvent, void, void> {
    const reader = new Reader(this.#events)
    const wake = () => reader.wake()
    this.#readers.add(reader)
    signal?.addEventListener('abort', wake)
    try {
      while (!signal?.aborted) {
        const event = reader.take()
        if (event) yield event
        else if (this.#closed) return
        else await reader.more()
      }
    } finally {
      signal?.removeEventListener('abort', wake)
      this.#readers.delete(reader)
    }
  }

  #keepPoint(event: CurvePoint): void {
    if (nextOf(this.#came, event) % this.#stride !== 0) return
    this.#events.push(event)
    if (++this.#points <= MOST_POINTS) return
    this.#stride *= 2
    const kept = new Map<string, number>()
    this.#events = this.#events.filter((other) => !isPoint(other) || nextOf(kept, other) % 2 === 0)
    this.#points = this.#events.reduce((count, other) => count + (isPoint(other) ? 1 : 0), 0)
  }
}

/** Points of curves come several times a second; every other event is worth keeping. */
type CurvePoint = Extract<JobEvent, { type: 'loss' | 'norm' | 'task-loss' }>

function isPoint(event: JobEvent): event is CurvePoint {
  return event.type === 'loss' || event.type === 'norm' || event.type === 'task-loss'
}

/** 0 for the first point of a curve, 1 for the second … */
function nextOf(counts: Map<string, number>, { type, run, arm }: CurvePoint): number {
  const curve = `${type} ${run} ${arm}`
  const count = counts.get(curve) ?? 0
  counts.set(curve, count + 1)
  return count
}

class Reader {
  readonly #waiting: JobEvent[]
  #wake: () => void = () => undefined

  constructor(past: readonly JobEvent[]) {
    this.#waiting = [...past]
  }

  offer(event: JobEvent): void {
    if (!replaceProgress(this.#waiting, event) && !this.#replacePoint(event)) this.#waiting.push(event)
    this.wake()
  }

  take(): JobEvent | undefined {
    return this.#waiting.shift()
  }

  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  wake(): void {
    this.#wake()
  }

  #replacePoint(event: JobEvent): boolean {
    if (!isPoint(event) || this.#waiting.length < WAITING_BEFORE_COALESCING) return false
    const at = this.#waiting.findLastIndex(
      (e) => e.type === event.type && e.run === event.run && e.arm === event.arm,
    )
    if (at < 0) return false
    this.#waiting[at] = event
    return true
  }
}

/** Progress replaces progress of the same phase if nothing but points of curves came in between: only the newest is news. */
function replaceProgress(events: JobEvent[], event: JobEvent): boolean {
  if (event.type !== 'progress') return false
  for (let i = events.length - 1; i >= 0; i--) {
    const earlier = events[i]
    if (earlier.type === 'progress' && earlier.progress.phase === event.progress.phase) {
      events.splice(i, 1)
      events.push(event)
      return true
    }
    if (!isPoint(earlier) && earlier.type !== 'progress') return false
  }
  return false
}
