import { defineCommand } from 'citty'
import type { RunRecord } from '../../../../shared/run'
import { alignTable, truncate } from '../align-table'
import { formatCount } from '../format-number'
import { ladderTable, wrap } from '../ladder-table'
import { defineVerb } from '../verb'

const list = defineVerb({
  description: 'runs of the workspace, newest first',
  args: {},
  mode: 'read',
  async run({ open }) {
    const client = await open()
    const runs = await client.runs.list()
    return {
      json: runs,
      text: () =>
        runs.length === 0
          ? 'No runs yet. See one: npm run demo'
          : alignTable(
              [{ title: 'id' }, { title: 'state' }, { title: 'started' }, { title: 'what' }],
              runs.map(({ id, state, createdAt, title }) => [
                id,
                state,
                createdAt.slice(0, 16).replace('T', ' '),
                truncate(title, 60),
              ]),
            ),
    }
  },
})

const show = defineVerb({
  description: 'one run: what was asked, and its verdict',
  args: { run: { type: 'positional', required: true, description: 'id of the run' } },
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

function describeRun(run: RunRecord, columns: number): string {
  const { request } = run
  const tasks = `${request.tasks.join(', ')} (${formatCount(run.seen.length)} seen, ${formatCount(run.unseen.length)} unseen)`
  return [
    `${run.id}: ${run.title}`,
    `state: ${run.state}${run.endedAt ? `, ended ${run.endedAt}` : ''}`,
    ...(run.reason ? wrap(`reason: ${run.reason}`, columns) : []),
    `tasks: ${tasks}, ${request.holdOut} hold-out`,
    `seed ${request.seed}, preset ${request.preset}${run.recipe ? `, ${formatCount(run.recipe.steps)} steps` : ''}`,
    `encoder: ${run.encoder.id}; backend: ${run.backend ? `${run.backend.id} (${run.backend.reason})` : 'none'}`,
    `datasets: ${run.datasets.map(({ id, sha256 }) => `${id} ${sha256.slice(0, 12)}`).join(', ') || 'none yet'}`,
    `machine: ${run.machine.cpu}, ${run.machine.cores} cores, ${run.machine.platform}, Node ${run.machine.node}`,
    ...(run.companion ? [`beside it: ${run.companion}`] : []),
  ].join('\n')
}

export const runs = defineCommand({
  meta: { description: 'list and show runs' },
  subCommands: { list, show },
})
