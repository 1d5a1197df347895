import { NORMALISATIONS, USUAL_NORMALISATION } from '../../../../shared/normalisation'
import { defineCommand } from '../arguments/command'
import { commaList, wholeNumber } from '../arguments/option-values'
import { readMeasures } from '../arguments/read-measures'
import { encoderPlace } from '../arguments/train-request'
import { usageError } from '../arguments/usage-error'
import { followJob } from '../follow-job'
import { matrixAnswer } from '../task-matrix-table'
import { verdictAnswer } from '../verdict-answer'

export const evaluate = defineCommand({
  description: 'score a run again, or the frozen encoder on tasks',
  arguments: { run: { optional: true, description: 'id of the run' } },
  options: {
    frozen: { description: 'the frozen encoder and the rows that need no training' },
    tasks: {
      description: 'with --frozen: tasks, separated by commas; all: every imported collection with one card',
      value: 'a,b',
    },
    rows: {
      description: 'with --frozen: rows of the ladder, separated by commas',
      value: 'a,b',
    },
    split: {
      description: 'with --frozen: whose queries are scored, test unless said',
      value: 'test|dev',
    },
    measures: {
      description: 'beside nDCG@10, MRR@10 and Recall@100: AP,P@5,"RBP(p=0.8)" …; see hydra list measure',
      value: 'a,b',
    },
    matrix: { description: 'with a run: every card of it on every task of it, and nothing else' },
    examples: { description: 'with --matrix: number of examples on the card, 0 unless said', value: 'K' },
    encoder: {
      description: 'with --frozen: id or folder of the encoder',
      value: 'ID|DIR',
    },
    normalisation: {
      choices: NORMALISATIONS,
      description: `with --frozen: scale of rows fused with BM25, ${USUAL_NORMALISATION} unless said`,
      value: 'SCALE',
    },
  },
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const tasks = commaList(args.tasks)
    if ((args.run !== undefined) === (args.frozen === true))
      throw usageError('RUN or --frozen --tasks a,b', args.run ? 'both' : 'neither')
    if (args.frozen && tasks.length === 0) throw usageError('--tasks with --frozen', 'none')
    const own = args.rows || args.encoder || args.split || args.normalisation
    if (!args.frozen && (tasks.length > 0 || own)) {
      throw usageError(
        '--tasks, --rows, --encoder, --split and --normalisation with --frozen only',
        'a run, which has its own',
      )
    }
    if (args.matrix && args.run === undefined) throw usageError('RUN with --matrix', '--frozen')
    if (args.matrix && args.measures) throw usageError('--matrix without --measures', 'both')
    if (args.examples !== undefined && !args.matrix)
      throw usageError('--examples with --matrix only', 'no --matrix')
    const { split = 'test' } = args
    if (split !== 'test' && split !== 'dev') throw usageError('--split test or --split dev', `“${split}”`)
    const measures = readMeasures(args.measures)
    const client = await open()
    if (args.run !== undefined && args.matrix) {
      const request = { run: args.run, examples: wholeNumber(args.examples, '--examples', 0, 64) }
      const { job } = await client.evaluation.startMatrix(request)
      await followJob({ client, terminal, signal }, job)
      return matrixAnswer(client, request)
    }
    const started = await client.evaluation.start(
      args.run !== undefined
        ? { run: args.run, measures }
        : {
            frozen: true,
            tasks,
            rows: commaList(args.rows),
            split,
            encoder: encoderPlace(args.encoder),
            normalisation: args.normalisation,
            seed,
            measures,
          },
    )
    await followJob({ client, terminal, signal }, started.job)
    return verdictAnswer(client, terminal, started.runs[0])
  },
})
