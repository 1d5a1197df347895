import { DEFAULT_ENCODER } from '../../../shared/default-encoder'
import { toHydraError } from '../../../shared/errors'
import type { ProviderReport } from '../../../shared/schemas/system'
import { runOperation } from '../../jobs/processes/operation-process'
import type { OperationOutput } from '../../pipeline/operation'
import type { ServiceContext } from '../service-context'

/** Longest wait for a provider to compile its kernels, encode the texts of its check, and answer. */
const TRY_MS = 30_000

/** What the embedded encoder would run on here, how fast, and why not on the others: each was opened and checked. */
export async function reportProviders(context: ServiceContext): Promise<ProviderReport[]> {
  // Loaded on demand, as what only Doctor needs.
  const { providers, USUAL_PROVIDER } = await import('../../engine/encoders/providers')
  const tried = await Promise.all(
    providers.filter(({ name }) => name !== USUAL_PROVIDER).map(async (spec) => ({
      spec,
      ...(await tryProvider(spec.name, context)),
    })),
  )
  // Beside another one it is worth knowing how fast the processor is; not while they still run.
  const usual = providers.filter(({ name }) => name === USUAL_PROVIDER)
  const worth = tried.some(({ refusal }) => refusal === null)
  for (const spec of usual)
    tried.push({
      spec,
      ...(worth ? await tryProvider(spec.name, context) : { refusal: null, speed: null }),
    })
  return tried.map(({ spec: { name, title, command }, refusal, speed }) => ({
    id: name,
    title,
    found: refusal === null,
    reason: refusal?.detail ?? (speed ? 'opened and checked on 16 texts' : 'what encodes unless a name says otherwise'),
    refusal: refusal?.code ?? null,
    command: refusal?.code === 'no-library' ? command : null,
    textsPerSecond: speed?.textsPerSecond ?? null,
    rows: speed?.rows ?? null,
    cosine: speed?.cosine ?? null,
  }))
}

async function tryProvider(
  provider: string,
  { workspace, appRoot, workerScript }: ServiceContext,
): Promise<OperationOutput<'try-provider'>> {
  const signal = AbortSignal.timeout(TRY_MS)
  try {
    const place = { workspace, appRoot, script: workerScript, signal, emit: () => undefined, alone: true }
    return await runOperation('try-provider', { encoder: `${DEFAULT_ENCODER}?provider=${provider}` }, place)
  } catch (thrown) {
    const detail = signal.aborted
      ? `no answer in ${TRY_MS / 1000} seconds`
      : toHydraError(thrown).detail.got
    return { refusal: { code: 'crashed', detail }, speed: null }
  }
}
