import { resolve } from 'node:path'
import { decimalNumber } from '../../../../shared/decimal-number'
import { NORMALISATIONS, USUAL_NORMALISATION } from '../../../../shared/normalisation'
import type { RegistryKind } from '../../../../shared/schemas/registry'
import { holdOutSchema, sideSchema, type TrainRequest } from '../../../../shared/schemas/run'
import type { Options, ReadArgs } from './command'
import { commaList, decimal, wholeNumber } from './option-values'
import { readOverrides } from './read-overrides'
import { usageError } from './usage-error'

/** What is trained, whatever the seeds: for `train` and `sweep` alike. */
export const TRAIN_OPTIONS = {
  tasks: {
    required: true,
    description: 'dataset, dataset/card or dataset/*, separated by commas',
    value: 'a,b',
  },
  unseen: {
    description: 'tasks held out of training: a share, or ids with * for any characters',
    value: '0.2|a,b',
  },
  'hold-out': {
    choices: holdOutSchema.options,
    description: 'which relatives of an unseen task may be trained, strict unless said',
    value: 'MODE',
  },
  preset: { description: 'whole recipe', value: 'NAME' },
  steps: { description: 'training steps', value: 'N' },
  generator: { description: 'how a card becomes a head', value: 'NAME' },
  head: { description: 'what a head computes', value: 'NAME' },
  side: { choices: sideSchema.options, description: 'whose vectors go through it', value: 'SIDE' },
  loss: { description: 'one, or a weighted sum of some', value: 'NAME:WEIGHT,…' },
  teacher: { description: 'whose orderings are learned', value: 'NAME' },
  sampler: { description: 'which documents of them', value: 'NAME' },
  set: {
    repeatable: true,
    description:
      'any setting or option, repeatable: --set learningRate=3e-4 --set teacher.k1=0.9; see hydra list',
    value: 'NAME=VALUE',
  },
  trained: {
    description:
      'how many of the tasks that could be trained are, or of the corpora where these are held out; all unless said',
    value: 'N',
  },
  'rule-clusters': {
    description:
      'clusters of cards, or corpora or families, left out of training to choose on them what cards that no training saw are handed',
    value: 'N',
  },
  encoder: { description: 'id or folder of the encoder', value: 'ID|DIR' },
  backend: { description: 'see hydra doctor; auto', value: 'ID' },
  rows: { description: 'rows of the ladder, separated by commas', value: 'a,b' },
  normalisation: {
    choices: NORMALISATIONS,
    description: `scale of rows fused with BM25, ${USUAL_NORMALISATION} unless said`,
    value: 'SCALE',
  },
} as const satisfies Options

/** Those whose values are variants of a registry. */
export const TRAIN_VARIANTS: Readonly<Record<string, RegistryKind>> = {
  preset: 'preset',
  generator: 'generator',
  head: 'head',
  loss: 'loss',
  teacher: 'teacher',
  sampler: 'sampler',
  backend: 'backend',
}

export type TrainArgs = ReadArgs<Readonly<Record<never, never>>, typeof TRAIN_OPTIONS>

/** Throws USAGE and OPTION_UNKNOWN: names, types and ranges are checked before a workspace is opened. */
export async function readTrainRequest(args: TrainArgs): Promise<TrainRequest> {
  const tasks = commaList(args.tasks)
  if (tasks.length === 0) throw usageError('--tasks with at least one task', 'none')
  const steps = wholeNumber(args.steps, '--steps', 1, 1_000_000)
  const { preset, generator, head, side, loss, teacher, sampler } = args
  const set = args.set ?? []
  return {
    tasks,
    holdOut: args['hold-out'],
    trained: wholeNumber(args.trained, '--trained', 1, 1_000_000),
    ruleClusters: wholeNumber(args['rule-clusters'], '--rule-clusters', 0, 10_000),
    unseen: unseenOf(args.unseen),
    preset,
    steps,
    overrides: await readOverrides({ preset, steps, generator, head, side, loss, teacher, sampler, set }),
    encoder: encoderPlace(args.encoder),
    backend: args.backend,
    rows: commaList(args.rows),
    normalisation: args.normalisation,
  }
}

/** A share where it is a number, else names of tasks. */
function unseenOf(text: string | undefined): number | string[] | undefined {
  return text?.trim() && decimalNumber(text) === null ? commaList(text) : decimal(text, '--unseen', 0, 0.9)
}

/** A folder named from here is named in full: run.json keeps it, and later commands start elsewhere. */
export function encoderPlace(encoder: string | undefined): string | undefined {
  const [place, ...options] = encoder?.split('?') ?? []
  return place && /^\.{1,2}([\\/]|$)/.test(place) ? [resolve(place), ...options].join('?') : encoder
}
