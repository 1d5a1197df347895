import type { Operation } from '../operation'
import { prepareRun } from './train-run'

export const train: Operation<'train'> = async ({ run }, context) => {
  const prepared = await prepareRun(run, context)
  await prepared.train()
  await prepared.evaluate(2)
  return { run }
}
