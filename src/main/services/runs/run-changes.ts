import type { RunChange, RunSummary } from '../../../shared/schemas/runs/run-summary'

/** Rows of one message: some hundred kB. */
const PORTION = 250

/** What has happened among the runs, for any number of readers; of a row that changes often only the newest state waits. */
export class RunChanges {
  readonly #readers = new Set<Reader>()

  get watched(): boolean {
    return this.#readers.size > 0
  }

  changed(rows: Iterable<RunSummary>): void {
    for (const reader of this.#readers) reader.changed(rows)
  }

  gone(ids: readonly string[]): void {
    for (const reader of this.#readers) reader.gone(ids)
  }

  /** @param known the rows that there are  @param whole settles when all of them are known */
  async *watch(
    known: Iterable<RunSummary>,
    whole: Promise<unknown>,
    signal?: AbortSignal,
  ): AsyncGenerator<RunChange, void, void> {
    const reader = new Reader()
    const wake = () => reader.wake()
    this.#readers.add(reader)
    signal?.addEventListener('abort', wake)
    reader.changed(known)
    void whole.catch(() => undefined).then(() => reader.complete())
    try {
      while (!signal?.aborted) {
        const change = reader.take()
        if (change) yield change
        else await reader.more()
      }
    } finally {
      signal?.removeEventListener('abort', wake)
      this.#readers.delete(reader)
    }
  }
}

class Reader {
  readonly #rows = new Map<string, RunSummary>()
  readonly #gone = new Set<string>()
  #whole: 'no' | 'to say' | 'said' = 'no'
  #wake: () => void = () => undefined

  changed(rows: Iterable<RunSummary>): void {
    for (const row of rows) {
      this.#gone.delete(row.id)
      this.#rows.set(row.id, row)
    }
    this.wake()
  }

  gone(ids: readonly string[]): void {
    for (const id of ids) {
      this.#rows.delete(id)
      this.#gone.add(id)
    }
    this.wake()
  }

  complete(): void {
    this.#whole = 'to say'
    this.wake()
  }

  take(): RunChange | undefined {
    if (this.#gone.size > 0) {
      const ids = [...this.#gone]
      this.#gone.clear()
      return { type: 'gone', ids }
    }
    if (this.#rows.size > 0) {
      const rows: RunSummary[] = []
      for (const [id, row] of this.#rows) {
        rows.push(row)
        this.#rows.delete(id)
        if (rows.length === PORTION) break
      }
      return { type: 'rows', rows }
    }
    if (this.#whole !== 'to say') return undefined
    this.#whole = 'said'
    return { type: 'whole' }
  }

  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  wake(): void {
    this.#wake()
  }
}
