import { z } from 'zod'
import { runFiguresSchema } from '../../../shared/schemas/runs/run-summary'
import { readEvents } from '../../workspace/runs/run-events'
import { readVerdict } from '../../workspace/runs/run-results'
import { defineOperation } from '../operation'
import { devOf, headlineOf } from './run-figures'

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
      const events = await readEvents(workspace, id).catch(() => [])
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
