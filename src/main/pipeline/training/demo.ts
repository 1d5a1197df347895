import { existsSync } from 'node:fs'
import { z } from 'zod'
import { workspacePaths } from '../../workspace/paths'
import { memoisedOpenCollection } from '../datasets/load-run-tasks'
import { defineOperation, runInput } from '../operation'
import { allOrPaused } from './all-or-paused'
import { collectGarbage } from './collect-garbage'
import { prepareRun, trainingQueue } from './prepare-run'

/**
 * The embedded demo: WordNet's cards under strict hold-out, and under the loose one beside. The networks of both runs queue
 * for the same two processes, and the strict run is scored while the loose one trains: no core waits before the last score.
 */
export const demo = defineOperation({
  name: 'demo',
  input: z.strictObject({ runs: z.strictObject({ strict: z.string(), loose: z.string() }) }),
  output: runInput,
  session: false,
  async run({ runs }, context) {
    if (!existsSync(workspacePaths(context.workspace).dataset('wordnet-finds'))) {
      await context.fork('import-dataset', { source: 'wordnet-finds', seed: 1 })
    }
    const next = trainingQueue()
    const open = memoisedOpenCollection()
    const strict = await prepareRun(runs.strict, context, open)
    const [loose] = await allOrPaused(
      [trainLoose(), strict.train(next).then(() => strict.evaluate(1))],
      context.pause,
    )
    await loose.evaluate(2)
    return { run: runs.strict }

    async function trainLoose() {
      const prepared = await prepareRun(runs.loose, context, open)
      // What reading two runs' data left behind would lie there while four processes are at work.
      collectGarbage()
      await prepared.train(next)
      return prepared
    }
  },
})

declare module '../operation' {
  interface Operations {
    demo: typeof demo
  }
}
