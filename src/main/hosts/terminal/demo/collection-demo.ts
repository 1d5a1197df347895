import { findSource } from '../../../engine/datasets/sources'
import type { Answer, ServiceClient } from '../arguments/command'
import { wrap } from '../fit-text'
import { followJob } from '../follow-job'
import { formatDuration } from '../format-number'
import { limitLines } from '../ladder-table'
import type { Terminal } from '../terminal'
import { requireVerdict } from '../verdict-answer'
import { corporaTable, readHeldOut } from './corpora-table'
import type { DemoCollection } from './demo-collections'
import { taskTables } from './task-tables'

/** Imports what the collection needs and the workspace lacks, trains on it, and gives its own verdict table. */
export async function runCollectionDemo(
  { sources, request, table, about }: DemoCollection,
  asked: { readonly seed: number; readonly splitSeed?: number; readonly steps?: number },
  { client, terminal, signal }: { client: ServiceClient; terminal: Terminal; signal: AbortSignal },
): Promise<Answer> {
  for (const name of sources) {
    const { id } = findSource(name)
    const known = await client.datasets.list()
    if (known.some((dataset) => dataset.id === id || dataset.family === id)) continue
    // Its own seed, so that the demo's leaves the data alone.
    const { job } = await client.datasets.import({ source: name, seed: 1 })
    await followJob({ client, terminal, signal }, job)
  }
  const { job, runs } = await client.training.start({ ...request, ...asked })
  await followJob({ client, terminal, signal }, job)
  const [run] = runs
  const verdict = await requireVerdict(client, run)
  const held = table === 'corpora' ? await readHeldOut(client, run) : null
  const title = `${about[0].toUpperCase()}${about.slice(1)}`
  return {
    json: { ...verdict, held },
    text: () =>
      [
        title,
        '='.repeat(title.length),
        '',
        ...(held ? corporaTable(verdict, held, terminal.columns) : taskTables(verdict)),
        '',
        ...wrap(verdict.words, terminal.columns),
        ...limitLines(verdict, terminal.columns),
        '',
        `Took ${formatDuration(verdict.seconds.total)}, imports apart. Every table: hydra runs show ${run}. Open the window on it: npm start`,
      ].join('\n'),
  }
}
