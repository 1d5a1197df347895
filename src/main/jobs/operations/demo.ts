import { existsSync } from 'node:fs'
import { workspacePaths } from '../../workspace/paths'
import { allOrPaused } from '../all-or-paused'
import { collectGarbage } from '../collect-garbage'
import type { Operation } from '../operation'
import { openedOnce } from './task-loading'
import { prepareRun, trainingQueue } from './train-run'

/**
 * The embedded demo: WordNet's cards under strict hold-out, and under the loose one beside. The networks of both runs queue
 * for the same two processes, and the strict run is scored while the loose one trains: no core waits before the last score.
 */
export const demo: Operation<'demo'> = async ({ runs }, context) => {
  if (!existsSync(workspacePaths(context.workspace).dataset('wordnet-finds'))) {
    await context.fork('import-dataset', { source: 'wordnet-finds', seed: 1 })
  }
  const next = trainingQueue()
  const open = openedOnce()
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
}
