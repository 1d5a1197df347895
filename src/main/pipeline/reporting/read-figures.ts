import { z } from 'zod'
import { readingSchema } from '../../../shared/schemas/runs/claims'
import { meanFigure, readFigure } from '../../engine/reporting/read-figure'
import { readRun } from '../../workspace/runs/run-folder'
import { readVerdict } from '../../workspace/runs/run-results'
import { defineOperation } from '../operation'

/** What runs give for each of some figures, from their results, which are long: means over the runs, null where one gives none. */
export const readFigures = defineOperation({
  name: 'read-figures',
  input: z.strictObject({ runs: z.array(z.string()), figures: z.array(readingSchema) }),
  output: z.strictObject({ numbers: z.array(z.array(z.number()).nullable()) }),
  session: true,
  async run({ runs, figures }, { workspace }) {
    const judged = await Promise.all(
      runs.map(async (id) => ({
        run: await readRun(workspace, id),
        verdict: await readVerdict(workspace, id),
      })),
    )
    const numbers = figures.map((read) =>
      meanFigure(judged.map(({ run, verdict }) => (verdict ? readFigure(read, { run, verdict }) : null))),
    )
    return { numbers }
  },
})

declare module '../operation' {
  interface Operations {
    'read-figures': typeof readFigures
  }
}
