import { HydraError } from '../../../shared/errors'
import type { BackendRefusal } from '../../../shared/schemas/system'
import { refusalOf } from '../registry/refusal'
import { findSpec, parseOptions } from '../registry/registry'
import { backends } from './backends'
import type { ActiveBackend, BackendSpec } from './backends/backend'
import { fastestFirst, type StepTimes, type WhyChosen, whyChosen } from './backends/fastest-first'
import { missingPackages } from './backends/missing-packages'
import { selfCheck } from './self-check'

export interface ChosenBackend extends ActiveBackend, WhyChosen {
  readonly id: string
}

/**
 * Makes the asked backend, or with `auto` the first that works, TensorFlow.js's own. Accepted only after its self-check.
 * @param times of what was measured: `auto` tries these first, the fastest before all others
 */
export async function chooseBackend(asked: string, times: StepTimes = {}): Promise<ChosenBackend> {
  return choose(asked, backends, times)
}

/**
 * The same for making heads of cards, one at a time: what cannot be read at once is left out, and who asked for that gets the
 * first of the others.
 */
export async function chooseHeadBackend(asked: string): Promise<ChosenBackend> {
  const readable = backends.filter(({ readLater }) => !readLater)
  const named = asked === 'auto' ? null : findSpec('backend', backends, asked)
  return choose(named?.readLater ? 'auto' : asked, readable, {})
}

async function choose(
  asked: string,
  among: readonly BackendSpec[],
  times: StepTimes,
): Promise<ChosenBackend> {
  if (asked !== 'auto') {
    const spec = findSpec('backend', among, asked)
    const tried = await tryBackend(spec)
    if ('refusal' in tried) throw unavailable(spec, tried.refusal)
    return chosen(spec, { choice: 'asked', reason: 'asked for' }, tried)
  }
  const refused: string[] = []
  for (const spec of fastestFirst(among, times)) {
    const tried = await tryBackend(spec)
    if (!('refusal' in tried)) return chosen(spec, whyChosen(spec.name, times, refused), tried)
    refused.push(`${spec.name}: ${tried.refusal.detail}`)
  }
  throw unavailable(among[among.length - 1], { code: 'does-not-start', detail: refused.join('; ') })
}

/** The device by its name: what a time was measured on. */
function chosen({ name }: BackendSpec, { choice, reason }: WhyChosen, active: ActiveBackend): ChosenBackend {
  const named = active.device ? `${reason}; ${active.device.description}` : reason
  return { id: name, choice, reason: named, ...active }
}

/** Why this backend does not work here, or null where it does: it becomes TensorFlow.js's own and must pass its self-check. */
export async function backendRefusal(id: string): Promise<BackendRefusal | null> {
  const tried = await tryBackend(findSpec('backend', backends, id))
  return 'refusal' in tried ? tried.refusal : null
}

/** What has passed its self-check in this process: it computes as it did, and a check is some 50 ms. A device may be another one. */
const passed = new Set<BackendSpec>()

async function tryBackend(spec: BackendSpec): Promise<ActiveBackend | { readonly refusal: BackendRefusal }> {
  const missing = missingPackages(spec)
  if (missing.length > 0)
    return { refusal: { code: 'not-installed', detail: `${missing.join(' and ')}: not installed` } }
  try {
    const active = await spec.create(parseOptions('backend', spec, {}))
    if (active.device !== null || !passed.has(spec)) await selfCheck(active)
    passed.add(spec)
    return active
  } catch (thrown) {
    return { refusal: refusalOf(thrown) }
  }
}

function unavailable(spec: BackendSpec, { code, detail }: BackendRefusal): HydraError {
  return new HydraError('BACKEND_UNAVAILABLE', {
    expected: `${spec.title} (${spec.name})`,
    got: `${code}: ${detail}`,
    remedy: spec.from ? 'Install what is missing, or choose another backend.' : 'Choose another backend.',
    command: (code === 'not-installed' && spec.from?.command) || 'hydra doctor',
  })
}
