import type { JobEvent } from '../../shared/job'

/** Losses kept for whoever comes later: beyond this, every other one of each curve goes. A curve needs no more. */
const MOST_LOSSES = 2000
/** Events that a slow reader may have waiting before the newest loss replaces the waiting one. */
const WAITING_BEFORE_COALESCING = 256

/**
 * What happened in one job, for any number of readers: each gets everything so far and then what comes, at its own
 * pace. Nobody waits for a slow reader: of progress only the newest of a phase is kept, and losses are thinned.
 */
export class EventLog {
  #events: JobEvent[] = []
  #losses = 0
  /** Of each curve every so-manieth loss is kept; how many came, by curve. */
  #stride = 1
  readonly #came = new Map<string, number>()
  #closed = false
  readonly #readers = new Set<Reader>()

  append(event: JobEvent): void {
    if (event.type === 'loss') this.#keepLoss(event)
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

  #keepLoss(event: LossEvent): void {
    if (nextOf(this.#came, event) % this.#stride !== 0) return
    this.#events.push(event)
    if (++this.#losses <= MOST_LOSSES) return
    this.#stride *= 2
    const kept = new Map<string, number>()
    this.#events = this.#events.filter((other) => other.type !== 'loss' || nextOf(kept, other) % 2 === 0)
    this.#losses = this.#events.reduce((count, { type }) => count + (type === 'loss' ? 1 : 0), 0)
  }
}

type LossEvent = Extract<JobEvent, { type: 'loss' }>

/** 0 for the first loss of a curve, 1 for the second … */
function nextOf(counts: Map<string, number>, { run, arm }: LossEvent): number {
  const curve = `${run} ${arm}`
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
    if (!replaceProgress(this.#waiting, event) && !this.#replaceLoss(event)) this.#waiting.push(event)
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

  #replaceLoss(event: JobEvent): boolean {
    if (event.type !== 'loss' || this.#waiting.length < WAITING_BEFORE_COALESCING) return false
    const at = this.#waiting.findLastIndex(
      (e) => e.type === 'loss' && e.run === event.run && e.arm === event.arm,
    )
    if (at < 0) return false
    this.#waiting[at] = event
    return true
  }
}

/** Progress replaces progress of the same phase if nothing but losses came in between: only the newest is news. */
function replaceProgress(events: JobEvent[], event: JobEvent): boolean {
  if (event.type !== 'progress') return false
  for (let i = events.length - 1; i >= 0; i--) {
    const earlier = events[i]
    if (earlier.type === 'progress' && earlier.progress.phase === event.progress.phase) {
      events.splice(i, 1)
      events.push(event)
      return true
    }
    if (earlier.type !== 'loss' && earlier.type !== 'progress') return false
  }
  return false
}
