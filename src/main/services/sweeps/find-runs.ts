import { isResumable } from '../../../shared/is-resumable'
import type { RecordedRequest } from '../../../shared/schemas/run'
import type { RunSummary } from '../../../shared/schemas/runs/run-summary'
import { resolveEncoder } from '../../engine/encoders/remote/resolve-encoder'
import { modelRoots } from '../model-roots'
import { requireTasks } from '../require-tasks'
import type { ServiceContext } from '../service-context'
import { requestKey } from './plan-sweep'

type Found = Pick<RunSummary, 'kind' | 'state' | 'request' | 'datasets' | 'encoder' | 'app'>

/** What a run must have been made with, besides its request, to be what the request would give now. */
export interface Grounds {
  readonly datasets: readonly { readonly id: string; readonly sha256: string }[]
  readonly encoder: { readonly sha256: string }
  readonly app: string
}

/**
 * Of each request the run that answers it: one that is done, else one that can go on, the newest of several. A run counts that was
 * asked the same and had the same data, encoder and version of the workbench; it is looked for among all runs and noted nowhere.
 * @param runs newest first
 */
export function matchRuns<Run extends Found>(
  runs: readonly Run[],
  wanted: readonly { readonly key: string; readonly grounds: Grounds }[],
): Map<string, Run> {
  const grounds = new Map(wanted.map((one) => [one.key, one.grounds]))
  const found = new Map<string, Run>()
  for (const run of runs) {
    if (!answers(run)) continue
    const key = requestKey(run.request)
    const asked = grounds.get(key)
    const before = found.get(key)
    if (!asked || !standsOn(run, asked) || before?.state === 'done' || (before && run.state !== 'done'))
      continue
    found.set(key, run)
  }
  return found
}

/** A run of the demo gives what training it alone would; but only both of them go on together. */
function answers(run: Found): boolean {
  return run.state === 'done' ? run.kind !== 'frozen' : run.kind === 'train' && isResumable(run)
}

function standsOn({ datasets, encoder, app }: Found, grounds: Grounds): boolean {
  return (
    encoder.sha256 === grounds.encoder.sha256 &&
    app === grounds.app &&
    dataKey(datasets) === dataKey(grounds.datasets)
  )
}

function dataKey(datasets: Grounds['datasets']): string {
  return datasets
    .map(({ id, sha256 }) => `${id} ${sha256}`)
    .sort()
    .join('\n')
}

/** Looks up what requests stand on now; datasets and encoders that several share are looked up once. Throws as training would. */
export function groundsReader(context: ServiceContext): (request: RecordedRequest) => Promise<Grounds> {
  const datasets = new Map<string, Promise<Grounds['datasets']>>()
  const encoders = new Map<string, Promise<Grounds['encoder']>>()
  return async ({ tasks, encoder }) => ({
    datasets: await once(datasets, JSON.stringify(tasks), () => requireTasks(context, tasks)),
    encoder: await once(encoders, encoder, () => resolveEncoder(encoder, modelRoots(context))),
    app: context.version,
  })
}

function once<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  find: () => Promise<Value>,
): Promise<Value> {
  const value = known.get(key) ?? find()
  known.set(key, value)
  return value
}
