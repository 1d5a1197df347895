import { join } from 'node:path'
import { chooseBackend } from '../../engine/training/backends'
import { trainNetwork } from '../../engine/training/trainer'
import { readRun } from '../../workspace/run-folder'
import type { Operation } from '../operation'
import { loadArm } from './arm-material'

/** A short training whose only outcome is its dev measure: how settings are chosen before the real one. */
export const trainTrial: Operation<'train-trial'> = async ({ run: id, recipe }, context) => {
  const run = await readRun(context.workspace, id)
  await chooseBackend(run.request.backend ?? 'auto')
  const material = await loadArm(run, { row: 'task card', task: null }, recipe, context)
  try {
    const trained = await trainNetwork({
      ...material,
      recipe,
      arm: 'task card',
      seed: run.request.seed ?? 1,
      threadFile: join(context.appRoot, 'out', 'main', 'listwise-thread.js'),
      signal: AbortSignal.any([context.signal, context.pause]),
      onStep: () => {},
      measureDev: (network) => material.dev.measure(network),
    })
    return { dev: trained.dev, measure: material.dev.name }
  } finally {
    await material.dev.dispose()
  }
}
