import { toHydraError } from '../../../shared/errors'
import type { BackendRefusal } from '../../../shared/schemas/system'
import { runOperation } from '../../jobs/processes/operation-process'
import type { ServiceContext } from '../service-context'

/** Longest wait for a backend to load and answer. */
const TRY_MS = 60_000

/** Why a backend does not work, or null: what Doctor calls found was loaded. */
export async function tryBackend(
  backend: string,
  { workspace, appRoot, workerScript }: ServiceContext,
): Promise<BackendRefusal | null> {
  const signal = AbortSignal.timeout(TRY_MS)
  try {
    const place = { workspace, appRoot, script: workerScript, signal, emit: () => undefined, alone: true }
    return (await runOperation('try-backend', { backend }, place)).refusal
  } catch (thrown) {
    if (signal.aborted) return { code: 'crashed', detail: `no answer in ${TRY_MS / 1000} seconds` }
    return { code: 'crashed', detail: toHydraError(thrown).detail.got }
  }
}
