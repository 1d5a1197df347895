import { z } from 'zod'
import type { JobEvent } from '../../../shared/schemas/job'
import { runFiguresSchema } from '../../../shared/schemas/runs/run-summary'
import { eventReader } from '../../engine/reporting/event-reader'
import { readVerdict } from '../../workspace/runs/run-results'
import { defineOperation } from '../operation'
import { devOf, headlineOf } from './run-figures'
import { streamEvents } from './stream-events'

/** The figures of several runs: their results and events are too long to be read where a window waits. */
export const summariseRuns = defineOperation({
  name: 'summarise-runs',
  input: z.strictObject({ runs: z.array(z.string()) }),
  output: z.strictObject({ figures: z.record(z.string(), runFiguresSchema) }),
  session: true,
  async run({ runs }, { workspace }) {
    const figures: Record<string, z.infer<typeof runFiguresSchema>> = {}
    for (const id of runs) {
      // A run that has gone, or whose files are damaged, has no figures; its own page says what is wrong.
      const verdict = await readVerdict(workspace, id).catch(() => null)
      const events = await devEvents(workspace, id).catch(() => [])
      figures[id] = { headline: verdict && headlineOf(verdict), dev: devOf(events, id) }
    }
    return { figures }
  },
})

declare module '../operation' {
  interface Operations {
    'summarise-runs': typeof summariseRuns
  }
}

type DevEvent = Extract<JobEvent, { type: 'dev' }>

/** A few of the hundreds of thousands of events that a long training leaves. */
async function devEvents(workspace: string, run: string): Promise<DevEvent[]> {
  const found: DevEvent[] = []
  const reader = eventReader(new Set(['dev']), (event) => found.push({ ...(event as unknown as DevEvent) }))
  await streamEvents(workspace, run, reader)
  return found
}
