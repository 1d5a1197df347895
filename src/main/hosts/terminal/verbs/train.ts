import { resolve } from 'node:path'
import { type HoldOut, holdOutSchema, sideSchema } from '../../../../shared/schemas/run'
import { readOverrides } from '../../../services/read-overrides'
import { followJob } from '../follow-job'
import { commaList, decimal, wholeNumber } from '../parse-command-line'
import { usageError } from '../usage-error'
import { defineVerb } from '../verb'
import { verdictAnswer } from '../verdict-answer'

const SIDES = sideSchema.options.join(', ')

export const train = defineVerb({
  description: 'train the hypernetwork on tasks and give the verdict with its controls',
  args: {
    tasks: {
      type: 'string',
      description: 'dataset, dataset/card or dataset/*, separated by commas',
      valueHint: 'a,b',
    },
    unseen: {
      type: 'string',
      description: 'tasks held out of training: a share, or ids with * for any characters',
      valueHint: '0.2|a,b',
    },
    'hold-out': { type: 'string', description: holdOutSchema.options.join(', '), valueHint: 'strict' },
    preset: { type: 'string', description: 'whole recipe', valueHint: 'NAME' },
    steps: { type: 'string', description: 'training steps', valueHint: 'N' },
    generator: { type: 'string', description: 'how a card becomes a head', valueHint: 'NAME' },
    head: { type: 'string', description: 'what a head computes', valueHint: 'NAME' },
    side: { type: 'string', description: `whose vectors go through it: ${SIDES}`, valueHint: 'query' },
    loss: { type: 'string', description: 'one, or a weighted sum of some', valueHint: 'NAME[:WEIGHT],…' },
    teacher: { type: 'string', description: 'whose orderings are learned', valueHint: 'NAME' },
    sampler: { type: 'string', description: 'which documents of them', valueHint: 'NAME' },
    set: {
      type: 'string',
      description:
        'any setting or option, repeatable: --set learningRate=3e-4 --set teacher.k1=0.9; see hydra list',
      valueHint: 'NAME=VALUE',
    },
    encoder: { type: 'string', description: 'id or folder of the encoder', valueHint: 'ID|DIR' },
    backend: { type: 'string', description: 'see hydra doctor; auto', valueHint: 'ID' },
    rows: { type: 'string', description: 'rows of the ladder, separated by commas', valueHint: 'a,b' },
  },
  variants: {
    preset: 'preset',
    generator: 'generator',
    head: 'head',
    loss: 'loss',
    teacher: 'teacher',
    sampler: 'sampler',
    backend: 'backend',
  },
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const tasks = commaList(args.tasks)
    if (tasks.length === 0) throw usageError('--tasks with at least one task', 'none')
    const steps = wholeNumber(args.steps, '--steps', 1, 1_000_000)
    const { preset, generator, head, side, loss, teacher, sampler } = args
    const set = args.set === undefined ? [] : args.set.split('\n')
    const request = {
      tasks,
      seed,
      holdOut: holdOutOf(args['hold-out']),
      unseen: unseenOf(args.unseen),
      preset,
      steps,
      overrides: await readOverrides({ preset, steps, generator, head, side, loss, teacher, sampler, set }),
      encoder: encoderPlace(args.encoder),
      backend: args.backend,
      rows: commaList(args.rows),
    }
    const client = await open()
    const started = await client.training.start(request)
    await followJob({ client, terminal, signal }, started.job)
    return verdictAnswer(client, terminal, started.runs[0])
  },
})

/** A share where it is a number, else names of tasks. */
function unseenOf(text: string | undefined): number | string[] | undefined {
  return text?.trim() && Number.isNaN(Number(text)) ? commaList(text) : decimal(text, '--unseen', 0, 0.9)
}

function holdOutOf(text: string | undefined): HoldOut | undefined {
  if (text === undefined) return undefined
  const { data } = holdOutSchema.safeParse(text)
  if (data) return data
  throw usageError(`--hold-out ${holdOutSchema.options.join(' or ')}`, `“${text}”`)
}

/** A folder named from here is named in full: run.json keeps it, and later commands start elsewhere. */
export function encoderPlace(encoder: string | undefined): string | undefined {
  const [place, ...options] = encoder?.split('?') ?? []
  return place && /^\.{1,2}([\\/]|$)/.test(place) ? [resolve(place), ...options].join('?') : encoder
}
