import { toHydraError } from '../../shared/errors'
import type { BackendRefusal } from '../../shared/schemas/system'
import { runOperation } from '../jobs/processes/operation-process'
import type { ServiceContext } from './service-context'

/** Longest wait for a backend to load and answer. */
const TRY_MS = 60_000

/** Why a backend does not work, or null: what Doctor calls found was loaded. */
export async function tryBackend(
  backend: string,
  { workspace, appRoot, workerScript }: ServiceContext,
): Promise<BackendRefusal | null> {
  const signal = AbortSignal.timeout(TRY_MS)
  try {
    const place = { workspace, appRoot, script: workerScript, signal, emit: () => undefined }
    return (await runOperation('try-backend', { backend }, place)).refusal
  } catch (thrown) {
    if (signal.aborted) return { code: 'crashed', detail: `no answer in ${TRY_MS / 1000} seconds` }
    return { code: 'crashed', detail: toHydraError(thrown).detail.got }
  }
}

/** The backend that a run would choose and why, tried once for as long as the host lives. */
export function backendChoice(context: ServiceContext) {
  let reports: ReturnType<typeof tryAll> | null = null
  async function tryAll() {
    // Loaded on demand: it brings TensorFlow.js along, which nothing else in a host needs.
    const { reportBackends } = await import('../engine/training/report-backends')
    return reportBackends((id) => tryBackend(id, context))
  }
  return async (asked: string): Promise<{ id: string; reason: string }> => {
    reports ??= tryAll()
    const all = await reports
    if (asked !== 'auto') return { id: asked, reason: 'asked for' }
    const chosen = all.find((one) => one.chosen)
    const passed = all.slice(0, chosen ? all.indexOf(chosen) : all.length)
    const others = passed.map(({ id, reason }) => `${id}: ${reason}`).join('; ')
    return {
      id: chosen?.id ?? 'cpu',
      reason: others ? `the first that works here (${others})` : 'the first choice',
    }
  }
}
