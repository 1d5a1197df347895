import { HydraError } from '../../../shared/errors'
import { HEADLINE_MEASURES } from '../../../shared/ladder'
import type { RunRecord } from '../../../shared/schemas/run'
import type { Verdict } from '../../../shared/schemas/verdict'
import { readRun } from '../../workspace/runs/run-folder'
import { readVerdict } from '../../workspace/runs/run-results'
import type { ServiceContext } from '../service-context'
import { startFrozen } from './start-frozen'
import { startTraining } from './start-training'

/** Makes what a run was asked again, as a new run. A run of the demo is trained on its own, without the other one. */
export async function reproduceRun(
  context: ServiceContext,
  id: string,
): Promise<{ job: string; runs: string[] }> {
  const { run, verdict } = await requireJudged(context, id)
  if (run.kind !== 'frozen') return startTraining(context, run.request)
  const measures = Object.keys(verdict.rows[0]?.mean ?? {})
  const headline: readonly string[] = HEADLINE_MEASURES
  const further = measures.filter((measure) => !headline.includes(measure))
  return startFrozen(context, run.request, further)
}

/** A run that has come to its verdict. Throws RUN_UNKNOWN, RUN_STATE. */
export async function requireJudged(
  { workspace }: Pick<ServiceContext, 'workspace'>,
  id: string,
): Promise<{ run: RunRecord; verdict: Verdict }> {
  const run = await readRun(workspace, id)
  const verdict = run.state === 'done' ? await readVerdict(workspace, id) : null
  if (verdict) return { run, verdict }
  throw new HydraError('RUN_STATE', {
    expected: 'a run that is done, with its results',
    got: `${id}, which ${run.state === 'done' ? 'has no results' : `is ${run.state}`}`,
    remedy: 'Choose one that has a verdict.',
    command: 'hydra runs list',
  })
}
