import { agreeToCost } from '../agree-to-cost'
import { defineCommand } from '../arguments/command'
import { SPLIT_SEED, seedOf } from '../arguments/seed-options'
import { readTrainRequest, TRAIN_OPTIONS, TRAIN_VARIANTS } from '../arguments/train-request'
import { followJob } from '../follow-job'
import { verdictAnswer } from '../verdict-answer'

export const train = defineCommand({
  description: 'train the hypernetwork on tasks and give the verdict with its controls',
  options: { ...TRAIN_OPTIONS, 'split-seed': SPLIT_SEED },
  variants: TRAIN_VARIANTS,
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const splitSeed = seedOf(args['split-seed'], '--split-seed')
    const request = { ...(await readTrainRequest(args)), seed, splitSeed }
    const client = await open()
    const { encoder, tasks } = request
    await agreeToCost({ client, terminal, signal }, { encoder, tasks })
    const started = await client.training.start(request)
    await followJob({ client, terminal, signal }, started.job)
    return verdictAnswer(client, terminal, started.runs[0])
  },
})
