import type { JobRecord } from '../../../shared/schemas/job'
import type { HostLogLine } from '../../../shared/schemas/system'

/** Lines that are kept; what is older has gone. */
const MOST_LINES = 500
/** A stack of a fault is long; its beginning says what it is. */
const LONGEST = 4000

/** The last lines of what a host has said. */
export class HostLog {
  readonly #lines: HostLogLine[] = []

  add(level: HostLogLine['level'], message: string): void {
    this.#lines.push({ at: Date.now(), level, message: message.slice(0, LONGEST) })
    if (this.#lines.length > MOST_LINES) this.#lines.shift()
  }

  /** Oldest first. */
  lines(): HostLogLine[] {
    return [...this.#lines]
  }
}

/** What this process has to tell who looks for a fault: it is one host, and its log is one. Nothing secret is said here. */
export const hostLog = new HostLog()

/** A line for each state of each job. */
export async function logJobs(changes: AsyncIterable<JobRecord>, log: HostLog = hostLog): Promise<void> {
  const states = new Map<string, string>()
  for await (const { id, title, state, error } of changes) {
    if (states.get(id) === state) continue
    states.set(id, state)
    const why = error ? `: ${error.code}, expected ${error.expected}, got ${error.got}` : ''
    log.add(state === 'failed' ? 'error' : 'info', `${title} is ${state}${why}`)
  }
}
