import { readMeasures } from '../../../services/read-measures'
import { followJob } from '../follow-job'
import { commaList } from '../parse-command-line'
import { usageError } from '../usage-error'
import { defineVerb } from '../verb'
import { verdictAnswer } from '../verdict-answer'
import { encoderPlace } from './train'

export const evaluate = defineVerb({
  description: 'score a run again, or the frozen encoder on tasks',
  args: {
    run: { type: 'positional', required: false, description: 'id of the run' },
    frozen: { type: 'boolean', description: 'the frozen encoder and the rows that need no training' },
    tasks: {
      type: 'string',
      description: 'with --frozen: tasks, separated by commas; all: every imported collection with one card',
      valueHint: 'a,b',
    },
    rows: {
      type: 'string',
      description: 'with --frozen: rows of the ladder, separated by commas',
      valueHint: 'a,b',
    },
    split: {
      type: 'string',
      description: 'with --frozen: whose queries are scored, test unless said',
      valueHint: 'test|dev',
    },
    measures: {
      type: 'string',
      description: 'beside nDCG@10, MRR@10 and Recall@100: AP,P@5,"RBP(p=0.8)" …; see hydra list measure',
      valueHint: 'a,b',
    },
    encoder: {
      type: 'string',
      description: 'with --frozen: id or folder of the encoder',
      valueHint: 'ID|DIR',
    },
  },
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const tasks = commaList(args.tasks)
    if ((args.run !== undefined) === (args.frozen === true))
      throw usageError('RUN or --frozen --tasks a,b', args.run ? 'both' : 'neither')
    if (args.frozen && tasks.length === 0) throw usageError('--tasks with --frozen', 'none')
    if (!args.frozen && (tasks.length > 0 || args.rows || args.encoder || args.split)) {
      throw usageError(
        '--tasks, --rows, --encoder and --split with --frozen only',
        'a run, which has its own',
      )
    }
    const { split = 'test' } = args
    if (split !== 'test' && split !== 'dev') throw usageError('--split test or --split dev', `“${split}”`)
    const measures = readMeasures(args.measures)
    const client = await open()
    const started = await client.evaluation.start(
      args.run !== undefined
        ? { run: args.run, measures }
        : {
            frozen: true,
            tasks,
            rows: commaList(args.rows),
            split,
            encoder: encoderPlace(args.encoder),
            seed,
            measures,
          },
    )
    await followJob({ client, terminal, signal }, started.job)
    return verdictAnswer(client, terminal, started.runs[0])
  },
})
