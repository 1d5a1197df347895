import { isResumable } from '../../../../../shared/is-resumable'
import type { RunRecord } from '../../../../../shared/schemas/run'
import { agreeToRun } from '../../agree-to-cost'
import { alignTable } from '../../align-table'
import { type Answer, type CommandGroup, defineCommand } from '../../arguments/command'
import { truncate, wrap } from '../../fit-text'
import { followJob } from '../../follow-job'
import { formatCount } from '../../format-number'
import { ladderTable } from '../../ladder-table'
import { verdictAnswer } from '../../verdict-answer'
import { annotationCommands } from './annotate-runs'
import { deletionCommands } from './delete-runs'

const list = defineCommand({
  description: 'runs of the workspace, newest first, without those that are archived',
  options: { archived: { description: 'the archived ones too' } },
  mode: 'read',
  async run({ args, open }) {
    const client = await open()
    const all = await client.runs.list()
    const runs = args.archived ? all : all.filter(({ annotations }) => !annotations.archived)
    return {
      json: runs,
      text: () =>
        runs.length === 0
          ? all.length === 0
            ? 'No runs yet. See one: npm run demo'
            : 'Every run is archived. See them: hydra runs list --archived'
          : alignTable(
              [
                { title: 'id' },
                { title: 'state' },
                { title: 'started' },
                { title: 'what' },
                { title: 'tags' },
              ],
              runs.map(({ id, state, createdAt, title, annotations: { name, tags } }) => [
                id,
                state,
                createdAt.slice(0, 16).replace('T', ' '),
                truncate(name ?? title, 60),
                truncate(tags.join(', '), 40),
              ]),
            ),
    }
  },
})

const show = defineCommand({
  description: 'one run: what was asked, and its verdict',
  arguments: { run: { description: 'id of the run' } },
  mode: 'read',
  async run({ args, open, terminal }) {
    const client = await open()
    const run = await client.runs.show({ id: args.run })
    const verdict = await client.runs.verdict({ id: args.run })
    return {
      json: { run, verdict },
      text: () =>
        [
          describeRun(run, terminal.columns),
          verdict
            ? `\n${ladderTable(verdict, { columns: terminal.columns, title: run.title })}`
            : '\nIt has no verdict.',
        ].join('\n'),
    }
  },
})

const RUN = { run: { description: 'id of the run' } } as const

const pause = defineCommand({
  description: 'stop a training so that it can be resumed, whichever process runs it',
  arguments: RUN,
  mode: 'read',
  async run({ args, open }) {
    const client = await open()
    return stopped(await client.runs.pause({ id: args.run }))
  },
})

const cancel = defineCommand({
  description: 'stop a run for good and drop its saved training, whichever process runs it',
  arguments: RUN,
  mode: 'read',
  async run({ args, open }) {
    const client = await open()
    return stopped(await client.runs.cancel({ id: args.run }))
  },
})

function howToGoOn(run: RunRecord): string[] {
  return isResumable(run) ? [`Go on with it: hydra runs resume ${run.id}`] : []
}

/** It may have ended in the very moment in which it was asked to stop. */
function stopped(run: RunRecord): Answer {
  return { json: run, text: () => [`${run.id} is ${run.state}.`, ...howToGoOn(run)].join('\n') }
}

const resume = defineCommand({
  description: 'go on with a training that was paused, interrupted or has failed, and give its verdict',
  arguments: RUN,
  mode: 'write',
  async run({ args, open, terminal, signal }) {
    const client = await open()
    await agreeToRun({ client, terminal, signal }, args.run)
    const started = await client.runs.resume({ id: args.run })
    await followJob({ client, terminal, signal }, started.job)
    return verdictAnswer(client, terminal, started.runs[0])
  },
})

function describeRun(run: RunRecord, columns: number): string {
  const { request } = run
  const tasks = `${request.tasks.join(', ')} (${formatCount(run.seen.length)} seen, ${formatCount(run.unseen.length)} unseen)`
  return [
    `${run.id}: ${run.title}`,
    `state: ${run.state}${run.endedAt ? `, ended ${run.endedAt}` : ''}`,
    ...(run.reason ? wrap(`reason: ${run.reason}`, columns) : []),
    ...howToGoOn(run),
    `tasks: ${tasks}, ${request.holdOut} hold-out, split seed ${request.splitSeed}`,
    `seed ${request.seed}, preset ${request.preset}${run.recipe ? `, ${formatCount(run.recipe.steps)} steps` : ''}`,
    `encoder: ${run.encoder.id}; backend: ${run.backend ? `${run.backend.id} (${run.backend.reason})` : 'none'}`,
    `datasets: ${run.datasets.map(({ id, sha256 }) => `${id} ${sha256.slice(0, 12)}`).join(', ') || 'none yet'}`,
    `machine: ${run.machine.cpu}, ${run.machine.cores} cores, ${run.machine.platform}, Node ${run.machine.node}`,
    ...Object.entries(run.weights).map(([system, sha256]) => `weights of ${system}: sha256 ${sha256}`),
    ...(run.companion ? [`beside it: ${run.companion}`] : []),
  ].join('\n')
}

export const runs: CommandGroup = {
  description: 'list and show runs; pause, resume and cancel them; name, tag, archive and delete them',
  commands: { list, show, pause, resume, cancel, ...annotationCommands, ...deletionCommands },
}
