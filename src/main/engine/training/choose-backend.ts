import { HydraError } from '../../../shared/errors'
import type { BackendRefusal } from '../../../shared/schemas/system'
import { findSpec, parseOptions } from '../registry/registry'
import { backends } from './backends'
import type { ActiveBackend, BackendSpec } from './backends/backend'
import { missingPackages } from './backends/missing-packages'
import { refusalOf } from './backends/refusal'
import { selfCheck } from './self-check'

export interface ChosenBackend extends ActiveBackend {
  readonly id: string
  readonly reason: string
}

/**
 * Makes the asked backend, or with `auto` the first that works, TensorFlow.js's own. Accepted only after its self-check.
 * @param preferred what `auto` tries first, the fastest first, where that was measured
 */
export async function chooseBackend(
  asked: string,
  preferred: readonly string[] = [],
): Promise<ChosenBackend> {
  return choose(asked, backends, preferred)
}

/**
 * The same for making heads of cards, one at a time: what cannot be read at once is left out, and who asked for that gets the
 * first of the others.
 */
export async function chooseHeadBackend(asked: string): Promise<ChosenBackend> {
  const readable = backends.filter(({ readLater }) => !readLater)
  const named = asked === 'auto' ? null : findSpec('backend', backends, asked)
  return choose(named?.readLater ? 'auto' : asked, readable, [])
}

async function choose(
  asked: string,
  among: readonly BackendSpec[],
  preferred: readonly string[],
): Promise<ChosenBackend> {
  if (asked !== 'auto') {
    const spec = findSpec('backend', among, asked)
    const tried = await tryBackend(spec)
    if ('refusal' in tried) throw unavailable(spec, tried.refusal)
    return chosen(spec, 'asked for', tried)
  }
  const place = ({ name }: BackendSpec) => {
    const found = preferred.indexOf(name)
    return found < 0 ? preferred.length : found
  }
  const refused: string[] = []
  const ordered = [...among].sort((a, b) => place(a) - place(b))
  for (const spec of ordered) {
    const tried = await tryBackend(spec)
    if ('refusal' in tried) {
      refused.push(`${spec.name}: ${tried.refusal.detail}`)
      continue
    }
    const why = preferred.includes(spec.name) ? 'the fastest here, as measured' : 'first that works'
    const reason = refused.length
      ? `${why} (${refused.join(', ')})`
      : preferred.length > 0
        ? why
        : 'first choice'
    return chosen(spec, reason, tried)
  }
  throw unavailable(among[among.length - 1], { code: 'does-not-start', detail: refused.join('; ') })
}

/** The device by its name: what a time was measured on. */
function chosen({ name }: BackendSpec, reason: string, active: ActiveBackend): ChosenBackend {
  return { id: name, reason: active.device ? `${reason}; ${active.device.description}` : reason, ...active }
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
