import { paused } from '../../../../../shared/errors'
import { LARGEST_SEED } from '../../../../../shared/schemas/run'
import { leaveOutSchema, type SweepRequest } from '../../../../../shared/schemas/runs/sweep'
import { agreeToCost } from '../../agree-to-cost'
import { defineCommand } from '../../arguments/command'
import { commaList, wholeNumber } from '../../arguments/option-values'
import { readTrainRequest, TRAIN_OPTIONS, TRAIN_VARIANTS } from '../../arguments/train-request'
import { usageError } from '../../arguments/usage-error'
import { comparable } from './comparable'
import { followSweep } from './follow-sweep'
import { pointsLeftOut } from './points-left-out'
import { sweepText } from './sweep-table'
import { argsOfPoint, expandGrid, readAxes } from './vary'

const MOST_WORKERS = 256

export const sweep = defineCommand({
  description:
    'train every combination of options with every seed, and give mean ± sd of each; what is there is not made again',
  options: {
    ...TRAIN_OPTIONS,
    vary: {
      repeatable: true,
      description:
        'values of an option of train, or of a setting as --set has it, separated by commas, or by | where they have commas: --vary rank=4,8,16 --vary preset=recommended,quick',
      value: 'NAME=a,b',
    },
    seeds: { description: 'every combination with each of them; the seed unless said', value: '1,2,3' },
    'split-seeds': {
      description: 'and with each of these hold-outs; unless said each seed draws its own',
      value: '1,2,3',
    },
    curve: {
      conflicts: ['trained'],
      description:
        'sizes of nested subsets of the trained tasks, or of the corpora where whole ones are held out: 5,10,20,all',
      value: 'a,b,all',
    },
    'leave-out': {
      choices: leaveOutSchema.options,
      conflicts: ['unseen', 'vary', 'curve', 'trained'],
      description: 'a run for each of them in which it is left out of training and judged alone',
      value: 'UNITS',
    },
    workers: {
      description: 'runs at once, as far as the memory holds them; one for every two cores unless said',
      value: 'N',
    },
  },
  variants: TRAIN_VARIANTS,
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const { vary, curve, 'leave-out': leaveOut } = args
    const settings = expandGrid(readAxes(vary ?? [], curve))
    const grid = []
    for (const one of settings)
      grid.push({ settings: one, request: await readTrainRequest(argsOfPoint(args, one)) })
    const seeds = seedsOf(args.seeds, '--seeds') ?? [seed]
    const splitSeeds = seedsOf(args['split-seeds'], '--split-seeds')
    const workers = wholeNumber(args.workers, '--workers', 1, MOST_WORKERS)
    if (leaveOut && leaveOut !== 'tasks' && args['hold-out'])
      throw usageError(
        `--leave-out ${leaveOut}, which is a rule of its own`,
        `--hold-out ${args['hold-out']}`,
      )
    const client = await open()
    const points = leaveOut ? await pointsLeftOut(client, grid[0].request, leaveOut) : grid
    // Whatever is varied, a text is sent once to each.
    for (const encoder of new Set(points.map((point) => point.request.encoder))) {
      const tasks = [...new Set(points.flatMap((point) => point.request.tasks))]
      await agreeToCost({ client, terminal, signal }, { encoder, tasks })
    }
    const request: SweepRequest = { points, seeds, splitSeeds, leaveOut }
    await followSweep({ client, terminal, signal }, { ...request, workers })
    if (signal.aborted) throw paused()
    const found = await client.sweeps.show(request)
    // Runs that left out different tasks were judged on different ones.
    const compare = leaveOut ? { address: null, judgedAlike: [] } : comparable(found)
    return {
      json: { ...found, compare },
      exitCode: found.done < found.asked ? 1 : 0,
      text: () => sweepText(found, compare, terminal.columns),
    }
  },
})

function seedsOf(text: string | undefined, option: string): number[] | undefined {
  if (text === undefined) return undefined
  const seeds = commaList(text).map((part) => wholeNumber(part, option, 0, LARGEST_SEED) as number)
  if (seeds.length > 0) return seeds
  throw usageError(`${option} with at least one seed`, 'none')
}
