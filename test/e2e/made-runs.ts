import { appendEvents } from '../../src/main/workspace/runs/run-events'
import { createRun, updateRun } from '../../src/main/workspace/runs/run-folder'
import { writeVerdict } from '../../src/main/workspace/runs/run-results'
import type { JobEvent } from '../../src/shared/schemas/job'
import type { RunState } from '../../src/shared/schemas/run'
import { madeDifference, madeRow, madeVerdict } from '../made-verdict'
import { runDraft } from '../run-draft'

interface MadeRun {
  readonly title: string
  readonly seed: number
  readonly state: RunState
  /** nDCG@10 of the task card; its lead is over .1. Without it the run was not evaluated. */
  readonly score?: number
}

/** Writes a run into a workspace as a training would have left it. @param day since the beginning of March 2026 */
export async function makeRun(
  workspace: string,
  { title, seed, state, score }: MadeRun,
  day: number,
): Promise<string> {
  const at = new Date(2026, 2, 1 + day)
  const { request } = runDraft()
  const draft = runDraft({ title, request: { ...request, seed, splitSeed: seed } })
  const { id } = await createRun(workspace, draft, title, at)
  if (score !== undefined) {
    const mean = { 'nDCG@10': { value: score, low: score - 0.01, high: score + 0.01 } }
    const lead = { delta: score - 0.1, low: score - 0.11, high: score - 0.09 }
    await writeVerdict(
      workspace,
      id,
      madeVerdict({
        run: id,
        rows: [madeRow({ row: 'task card', mean })],
        differences: [madeDifference({ best: true, ...lead })],
      }),
    )
    const dev = [score + 0.2, score + 0.1].map(
      (value, i): JobEvent => ({
        ...{ type: 'dev', at: at.getTime(), run: id, arm: 'task card', measure: 'dev nDCG@10' },
        step: 200 * (i + 1),
        value,
      }),
    )
    await appendEvents(workspace, id, dev)
  }
  await updateRun(workspace, id, {
    state,
    endedAt: state === 'running' ? null : new Date(at.getTime() + 90_000).toISOString(),
  })
  return id
}
