import type { JobRecord } from '../../../../../shared/schemas/job'
import type { ServiceClient } from '../../arguments/command'
import { formatCount, formatDuration } from '../../format-number'
import { ProgressPrinter } from '../../progress-printer'
import type { Terminal } from '../../terminal'

type Started = Parameters<ServiceClient['sweeps']['start']>[0]

/**
 * Starts a sweep and shows its runs until none is left. Ctrl-C pauses it and waits; the same command goes on with it. Runs that fail
 * are told and do not end it.
 */
export async function followSweep(
  { client, terminal, signal }: { client: ServiceClient; terminal: Terminal; signal: AbortSignal },
  request: Started,
): Promise<void> {
  const printer = new ProgressPrinter(terminal)
  const say = (message: string) => printer.print({ type: 'log', at: Date.now(), level: 'info', message })
  const watching = new AbortController()
  const jobs = followJobs()
  let ended = 0
  try {
    const { id, asked, done, workers } = await client.sweeps.start(request)
    const atOnce = asked > done && workers > 1 ? `, up to ${workers} at once` : ''
    say(`Sweep ${id.slice(0, 12)}: ${formatCount(asked)} runs, ${formatCount(done)} there already${atOnce}`)
    const pause = () => void client.sweeps.pause({ id }).catch(() => undefined)
    signal.addEventListener('abort', pause, { once: true })
    if (signal.aborted) pause()
    await client.sweeps.ended({ id })
    if (signal.aborted) {
      say(
        `Paused with ${formatCount(done + ended)} of ${formatCount(asked)} runs done; the same command goes on.`,
      )
    }
  } finally {
    watching.abort()
    await jobs
    printer.end()
  }

  /** Its jobs are the only ones of this process. Of several that run at once the progress of the eldest is shown. */
  async function followJobs(): Promise<void> {
    const states = new Map<string, JobRecord['state']>()
    try {
      for await (const job of await client.jobs.changes(undefined, { signal: watching.signal })) {
        const { progress, state } = job
        if (states.get(job.id) !== state) {
          states.set(job.id, state)
          if (state === 'done') ended++
          const words = changed(job, states.size)
          if (words) say(words)
        }
        const eldest = [...states].find(([, one]) => one === 'running')
        if (progress && eldest?.[0] === job.id) printer.print({ type: 'progress', at: Date.now(), progress })
      }
    } catch (thrown) {
      if (!watching.signal.aborted) throw thrown
    }
  }

  function changed(
    { title, runs, state, error, createdAt, endedAt }: JobRecord,
    begun: number,
  ): string | null {
    if (state === 'queued') return null
    if (state === 'running') return `${formatCount(begun)}. ${title}: ${runs[0]}`
    if (state === 'done' && endedAt) {
      return `   ${runs[0]} took ${formatDuration((Date.parse(endedAt) - Date.parse(createdAt)) / 1000)}`
    }
    return `   ${runs[0]} is ${state}${state === 'failed' && error ? `: ${error.code}, ${error.got}` : ''}`
  }
}
