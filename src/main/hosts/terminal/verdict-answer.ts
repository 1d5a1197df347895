import { HydraError } from '../../../shared/errors'
import type { Verdict } from '../../../shared/schemas/verdict'
import type { Answer, ServiceClient } from './arguments/command'
import { ladderTable } from './ladder-table'
import type { Terminal } from './terminal'

/** The verdict of a run whose job has ended well. */
export async function requireVerdict(client: ServiceClient, run: string): Promise<Verdict> {
  const verdict = await client.runs.verdict({ id: run })
  if (verdict) return verdict
  throw new HydraError('RUN_INCOMPLETE', {
    expected: `results.json in the folder of ${run}`,
    got: 'none',
    remedy: `Evaluate it: hydra evaluate ${run}`,
  })
}

/** What `train` and `evaluate` end with. */
export async function verdictAnswer(client: ServiceClient, terminal: Terminal, run: string): Promise<Answer> {
  const verdict = await requireVerdict(client, run)
  const record = await client.runs.show({ id: run })
  return {
    json: verdict,
    text: () =>
      [
        ladderTable(verdict, { columns: terminal.columns, title: record.title }),
        '',
        `Run ${run}. Look closer: npm start, or hydra runs show ${run}`,
      ].join('\n'),
  }
}
