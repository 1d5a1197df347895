import { defineOperation, runInput } from '../operation'
import { prepareRun } from './prepare-run'

export const train = defineOperation({
  name: 'train',
  input: runInput,
  output: runInput,
  session: false,
  async run({ run }, context) {
    const prepared = await prepareRun(run, context)
    await prepared.train()
    await prepared.evaluate(2)
    return { run }
  },
})

declare module '../operation' {
  interface Operations {
    train: typeof train
  }
}
