import { appendFile, readFile } from 'node:fs/promises'
import { type JobEvent, jobEventSchema } from '../../../shared/schemas/job'
import { workspacePaths } from '../paths'

/** Appends to events.jsonl in one write. */
export async function appendEvents(
  workspace: string,
  run: string,
  events: readonly JobEvent[],
): Promise<void> {
  if (events.length === 0) return
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('')
  await appendFile(workspacePaths(workspace).run(run).events, lines)
}

/** All events of a run. A last line that a crash cut off, or a line of a newer version, is passed over. */
export async function readEvents(workspace: string, run: string): Promise<JobEvent[]> {
  const text = await readFile(workspacePaths(workspace).run(run).events, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const events: JobEvent[] = []
  for (const line of text.split('\n')) {
    const event = parseEvent(line)
    if (event) events.push(event)
  }
  return events
}

function parseEvent(line: string): JobEvent | null {
  if (line === '') return null
  try {
    return jobEventSchema.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}
