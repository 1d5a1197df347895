import type { JobRecord } from '../../../shared/schemas/job'

/** At most four records of one job a second. */
const PERIOD_MS = 250

/** The newest record of every job that changes, for any number of readers; only the newest one waits. */
export class JobChanges {
  readonly #readers = new Set<Reader>()

  offer(record: JobRecord): void {
    for (const reader of this.#readers) reader.offer(record)
  }

  get readers(): number {
    return this.#readers.size
  }

  async *watch(signal?: AbortSignal): AsyncGenerator<JobRecord, void, void> {
    const reader = new Reader()
    const wake = () => reader.wake()
    this.#readers.add(reader)
    signal?.addEventListener('abort', wake)
    try {
      while (!signal?.aborted) {
        const record = reader.take()
        if (record) yield record
        else await reader.more()
      }
    } finally {
      signal?.removeEventListener('abort', wake)
      reader.dispose()
      this.#readers.delete(reader)
    }
  }
}

class Reader {
  readonly #waiting = new Map<string, JobRecord>()
  readonly #shownAt = new Map<string, { at: number; state: string }>()
  #timer: NodeJS.Timeout | undefined
  #wake: () => void = () => undefined

  offer(record: JobRecord): void {
    this.#waiting.set(record.id, record)
    this.wake()
  }

  /** The next record whose turn it is; a new state does not wait its turn. */
  take(): JobRecord | undefined {
    const now = performance.now()
    for (const [id, record] of this.#waiting) {
      const shown = this.#shownAt.get(id)
      if (shown && shown.state === record.state && now - shown.at < PERIOD_MS) continue
      this.#waiting.delete(id)
      this.#shownAt.set(id, { at: now, state: record.state })
      return record
    }
    return undefined
  }

  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      if (this.#waiting.size > 0) {
        clearTimeout(this.#timer)
        this.#timer = setTimeout(resolve, PERIOD_MS)
        this.#timer.unref()
      }
    })
  }

  wake(): void {
    this.#wake()
  }

  dispose(): void {
    clearTimeout(this.#timer)
  }
}
