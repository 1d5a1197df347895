import { existsSync } from 'node:fs'
import { workspacePaths } from '../../workspace/paths'
import { allOrPaused } from '../all-or-paused'
import type { Operation } from '../operation'
import { prepareRun } from './train-run'

/**
 * The embedded demo: WordNet's cards under strict hold-out, and under the loose one beside. Training is two processes at a
 * time; the strict run is scored while the loose one trains.
 */
export const demo: Operation<'demo'> = async ({ runs }, context) => {
  if (!existsSync(workspacePaths(context.workspace).dataset('wordnet-finds'))) {
    await context.fork('import-dataset', { source: 'wordnet-finds', seed: 1 })
  }
  const strict = await prepareRun(runs.strict, context)
  await strict.train()
  const loose = await prepareRun(runs.loose, context)
  await allOrPaused([loose.train(), strict.evaluate(1)], context.pause)
  await loose.evaluate(2)
  return { run: runs.strict }
}
