import { existsSync } from 'node:fs'
import { z } from 'zod'
import { workspacePaths } from '../../workspace/paths'
import { memoisedOpenCollection } from '../datasets/load-run-tasks'
import { defineOperation, runInput } from '../operation'
import { allOrPaused } from './all-or-paused'
import { collectGarbage } from './collect-garbage'
import { prepareRun } from './prepare-run'
import { trainingQueue } from './training-processes'

/**
 * The embedded demo: WordNet's cards under strict hold-out, and under the one-way rule beside. The networks of both runs
 * queue for the same two processes, and the first run is scored while the other one trains: no core waits before the last score.
 */
export const demo = defineOperation({
  name: 'demo',
  input: z.strictObject({ run: z.string(), beside: z.string() }),
  output: runInput,
  session: false,
  async run({ run, beside }, context) {
    if (!existsSync(workspacePaths(context.workspace).dataset('wordnet-finds'))) {
      await context.fork('import-dataset', { source: 'wordnet-finds', seed: 1 })
    }
    const queue = trainingQueue()
    const open = memoisedOpenCollection()
    const first = await prepareRun(run, context, open)
    const [other] = await allOrPaused(
      [trainBeside(), first.train(queue).then(() => first.evaluate(1))],
      context.pause,
    )
    await other.evaluate(2)
    return { run }

    async function trainBeside() {
      const prepared = await prepareRun(beside, context, open)
      // What reading two runs' data left behind would lie there while four processes are at work.
      collectGarbage()
      await prepared.train(queue)
      return prepared
    }
  },
})

declare module '../operation' {
  interface Operations {
    demo: typeof demo
  }
}
