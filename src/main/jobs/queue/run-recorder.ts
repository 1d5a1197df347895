import type { JobEvent } from '../../../shared/schemas/job'
import { appendEvents } from '../../workspace/runs/run-events'

/** At most ten writes a second for each run. */
const FLUSH_MS = 100

/**
 * Writes a job's events into the events.jsonl of the runs that they belong to: losses and dev measures into the run
 * that they name, everything else into all runs of the job; of progress only the beginning of each phase.
 */
export class RunRecorder {
  readonly #workspace: string
  readonly #runs: readonly string[]
  readonly #waiting = new Map<string, JobEvent[]>()
  #phase: string | null = null
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(workspace: string, runs: readonly string[]) {
    this.#workspace = workspace
    this.#runs = runs
  }

  record(event: JobEvent): void {
    if (event.type === 'progress') {
      if (event.progress.phase === this.#phase) return
      this.#phase = event.progress.phase
    }
    const runs = 'run' in event ? this.#runs.filter((run) => run === event.run) : this.#runs
    for (const run of runs) this.#waiting.set(run, [...(this.#waiting.get(run) ?? []), event])
    this.#timer ??= setTimeout(() => void this.flush().catch(() => undefined), FLUSH_MS)
  }

  /** Writes what waits. Fails where the disk does: the caller decides what that costs. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batches = [...this.#waiting]
    this.#waiting.clear()
    const write = async () => {
      for (const [run, events] of batches) await appendEvents(this.#workspace, run, events)
    }
    this.#writing = this.#writing.then(write, write)
    return this.#writing
  }
}
