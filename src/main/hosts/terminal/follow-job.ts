import { HydraError, type SerializedError } from '../../../shared/errors'
import type { JobEvent, JobRecord } from '../../../shared/schemas/job'
import type { ServiceClient } from './arguments/command'
import { ProgressPrinter } from './progress-printer'
import type { Terminal } from './terminal'

/** Shows a job until it ends. Ctrl-C cancels it and waits; a job that did not end well is thrown as its error. */
export async function followJob(
  context: {
    client: ServiceClient
    terminal: Terminal
    signal: AbortSignal
    onEvent?: (event: JobEvent) => void
  },
  id: string,
): Promise<JobRecord> {
  const { client, terminal, signal, onEvent } = context
  const cancel = () => void client.jobs.cancel({ id }).catch(() => undefined)
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  const printer = new ProgressPrinter(terminal)
  try {
    for await (const event of await client.jobs.watch({ id })) {
      printer.print(event)
      onEvent?.(event)
    }
  } finally {
    printer.end()
    signal.removeEventListener('abort', cancel)
  }
  const job = await client.jobs.show({ id })
  if (job.error) throw HydraError.fromJSON(job.error as SerializedError)
  return job
}
