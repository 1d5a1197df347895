import { milliseconds } from '../../../../shared/figure-words'
import { runnerWords } from '../../../../shared/models/runner-words'
import { alignTable } from '../align-table'
import { defineCommand } from '../arguments/command'
import { readTrainRequest, TRAIN_OPTIONS, TRAIN_VARIANTS } from '../arguments/train-request'
import { formatBytes, formatCount } from '../format-number'

/** The configuration to measure backends with; none unless tasks are named. */
const OPTIONS = { ...TRAIN_OPTIONS, tasks: { ...TRAIN_OPTIONS.tasks, required: undefined } } as const

export const doctor = defineCommand({
  description: 'what this machine and workspace have, and what is missing and why',
  options: OPTIONS,
  variants: TRAIN_VARIANTS,
  mode: 'read',
  async run({ args, open, seed, signal }) {
    const { tasks } = args
    const request = tasks === undefined ? null : { ...(await readTrainRequest({ ...args, tasks })), seed }
    const client = await open()
    if (request) await client.training.measureBackends(request, { signal })
    const report = await client.system.doctor()
    return {
      json: report,
      text: () =>
        [
          `Hydra Workbench ${report.version}, Node ${report.machine.node}, ${report.machine.platform}`,
          `machine    ${report.machine.cpu}, ${report.machine.cores} cores, ${formatBytes(report.machine.memoryBytes)}`,
          `workspace  ${report.workspace}`,
          `encoder    ${report.encoder.id}: ${report.encoder.ok ? 'good' : 'NOT USABLE'}, ${report.encoder.detail}, ${formatBytes(report.encoder.bytes)}`,
          `cache      ${formatBytes(report.cache.vectorBytes)} of vectors in ${formatCount(report.cache.files)} files`,
          ...report.models.map(
            ({ id, use, runner, problem }) =>
              `model      ${id}: ${use}, ${problem === null ? runnerWords(runner) || 'no graph here' : 'NOT USABLE'}`,
          ),
          ...report.keys.map(
            ({ name, from }) => `key        ${name}: ${from ? `from the ${from}` : 'NOT SET'}`,
          ),
          '',
          alignTable(
            [
              { title: 'backend' },
              { title: 'found' },
              { title: 'a step', align: 'right' },
              { title: 'why' },
              { title: 'to add it' },
            ],
            report.backends.map(
              ({ id, title, found, chosen, refusal, millisecondsPerStep, reason, command }) => [
                `${id} (${title})`,
                chosen ? 'chosen' : found ? 'yes' : (refusal ?? 'no'),
                millisecondsPerStep === null ? '' : milliseconds(millisecondsPerStep),
                reason,
                command ?? '',
              ],
            ),
          ),
          report.measured
            ? `Milliseconds a step of ${report.measured.configuration}, one network by itself, measured ${report.measured.at}`
            : 'Nothing is measured yet: hydra doctor --tasks TASKS, with any option of hydra train, measures each backend for 3 seconds',
          '',
          alignTable(
            [
              { title: 'encoding on' },
              { title: 'found' },
              { title: 'texts/s', align: 'right' },
              { title: 'why' },
              { title: 'to use or add it' },
            ],
            report.providers.map(({ id, title, found, refusal, textsPerSecond, reason, command }) => [
              `${id} (${title})`,
              found ? 'yes' : (refusal ?? 'no'),
              textsPerSecond === null ? '' : formatCount(textsPerSecond),
              reason,
              command ?? (found && id !== 'cpu' ? `--encoder NAME?provider=${id}` : ''),
            ]),
          ),
          ...(report.recovered.length > 0 ? ['', 'Runs that were cut off:', ...report.recovered] : []),
        ].join('\n'),
    }
  },
})
