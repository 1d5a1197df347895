import { cpus } from 'node:os'
import { HydraError } from '../../../shared/errors'
import type { DatasetRecord } from '../../../shared/schemas/dataset'
import {
  type RecordedRequest,
  type RunRecord,
  type TrainRequest,
  trainRequestSchema,
} from '../../../shared/schemas/run'
import { SYSTEMS } from '../../../shared/schemas/verdict'
import { resolveEncoder } from '../../engine/encoders/remote/resolve-encoder'
import { createRun } from '../../workspace/runs/run-folder'
import { modelRoots } from '../model-roots'
import type { ServiceContext } from '../service-context'

/** Rows that an evaluation can make. */
const ROWS: readonly string[] = SYSTEMS

/** Makes the run's folder with all that is known before the work begins; the operation fills in the rest. */
export async function startRun(
  context: ServiceContext,
  options: {
    readonly kind: RunRecord['kind']
    readonly title: string
    readonly slug: string
    readonly request: TrainRequest
    readonly datasets: readonly DatasetRecord[]
  },
): Promise<RunRecord> {
  const asked = trainRequestSchema.parse(options.request)
  const request: RecordedRequest = { ...asked, splitSeed: asked.splitSeed ?? asked.seed }
  for (const row of request.rows) if (!ROWS.includes(row)) throw unknownRow(row)
  const encoder = await resolveEncoder(request.encoder, modelRoots(context))
  const draft = {
    kind: options.kind,
    title: options.title,
    request,
    recipe: null,
    datasets: options.datasets.map(({ id, sha256 }) => ({ id, sha256 })),
    seen: [],
    unseen: [],
    encoder: { id: encoder.id, sha256: encoder.sha256 },
    backend: null,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      platform: `${process.platform}-${process.arch}`,
      node: process.version,
    },
    app: context.version,
    companion: null,
  }
  return createRun(context.workspace, draft, options.slug, context.now())
}

function unknownRow(row: string): HydraError {
  return new HydraError('OPTION_UNKNOWN', {
    expected: `rows of the ladder: ${ROWS.join(', ')}`,
    got: JSON.stringify(row),
    remedy: 'Name some of these, or none for all.',
    command: 'hydra train --rows ROW,ROW',
  })
}
