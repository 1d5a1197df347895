import { NORMALISATIONS, USUAL_NORMALISATION } from '../../../../shared/normalisation'
import { agreeToCost, agreeToRun } from '../agree-to-cost'
import { defineCommand } from '../arguments/command'
import { commaList, wholeNumber } from '../arguments/option-values'
import { readMeasures } from '../arguments/read-measures'
import { encoderPlace } from '../arguments/train-request'
import { usageError } from '../arguments/usage-error'
import { followJob } from '../follow-job'
import { variantsAnswer } from '../tables/card-variants-table'
import { curveAnswer } from '../tables/examples-curve-table'
import { matrixAnswer } from '../tables/task-matrix-table'
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
    attribution: { description: 'with a run: its cards with each part left out, and nothing else' },
    robustness: { description: 'with a run: its descriptions in other words, shuffled, misspelt' },
    curve: { description: 'with a run: 0, 2, 4, 8 and 16 examples on the cards, on the same queries' },
    examples: {
      description: 'with --matrix, --attribution, --robustness: examples on the card, 0 unless said',
      value: 'K',
    },
    'per-task': { description: 'with --attribution, --robustness: task by task, too' },
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
    const beside = (['matrix', 'attribution', 'robustness', 'curve'] as const).filter((one) => args[one])
    const [table] = beside
    if (beside.length > 1) throw usageError('one table', beside.map((one) => `--${one}`).join(' and '))
    if (table && args.run === undefined) throw usageError(`RUN with --${table}`, '--frozen')
    if (table && args.measures) throw usageError(`--${table} without --measures`, 'both')
    if (args.examples !== undefined && (!table || table === 'curve'))
      throw usageError(
        '--examples with --matrix, --attribution or --robustness',
        table ? `--${table}` : 'none',
      )
    if (args['per-task'] && table !== 'attribution' && table !== 'robustness')
      throw usageError('--per-task with --attribution or --robustness', table ? `--${table}` : 'neither')
    const { split = 'test' } = args
    if (split !== 'test' && split !== 'dev') throw usageError('--split test or --split dev', `“${split}”`)
    const measures = readMeasures(args.measures)
    const client = await open()
    if (args.run !== undefined) await agreeToRun({ client, terminal, signal }, args.run)
    if (args.run !== undefined && table) {
      const request = { run: args.run, examples: wholeNumber(args.examples, '--examples', 0, 64) }
      const follow = ({ job }: { job: string }) => followJob({ client, terminal, signal }, job)
      if (table === 'matrix') {
        await follow(await client.evaluation.startMatrix(request))
        return matrixAnswer(client, request)
      }
      if (table === 'curve') {
        await follow(await client.evaluation.startCurve({ run: args.run }))
        return curveAnswer(client, args.run)
      }
      const asked = { ...request, about: table }
      await follow(await client.evaluation.startVariants(asked))
      return variantsAnswer(client, asked, { perTask: args['per-task'] === true })
    }
    const encoder = encoderPlace(args.encoder)
    await agreeToCost({ client, terminal, signal }, { encoder, tasks })
    const started = await client.evaluation.start(
      args.run !== undefined
        ? { run: args.run, measures }
        : {
            frozen: true,
            tasks,
            rows: commaList(args.rows),
            split,
            encoder,
            normalisation: args.normalisation,
            seed,
            measures,
          },
    )
    await followJob({ client, terminal, signal }, started.job)
    return verdictAnswer(client, terminal, started.runs[0])
  },
})
