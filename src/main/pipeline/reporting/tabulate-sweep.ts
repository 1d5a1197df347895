import { z } from 'zod'
import { sweepTableSchema } from '../../../shared/schemas/runs/sweep'
import { sweepTables } from '../../engine/reporting/sweep-tables'
import { readVerdict } from '../../workspace/runs/run-results'
import { defineOperation } from '../operation'

/** The tables of a sweep from the results of its runs, which are too long to be read where a window waits. */
export const tabulateSweep = defineOperation({
  name: 'tabulate-sweep',
  input: z.strictObject({
    /** Runs of each point. */
    points: z.array(z.array(z.string())),
  }),
  output: z.strictObject({ tables: z.array(sweepTableSchema) }),
  session: true,
  async run({ points }, { workspace }) {
    const read = points.map(async (runs) => {
      const verdicts = await Promise.all(runs.map((run) => readVerdict(workspace, run)))
      return verdicts.filter((verdict) => verdict !== null)
    })
    return { tables: sweepTables(await Promise.all(read)) }
  },
})

declare module '../operation' {
  interface Operations {
    'tabulate-sweep': typeof tabulateSweep
  }
}
