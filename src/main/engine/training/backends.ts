import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs'
import { HydraError } from '../../../shared/errors'
import type { BackendReport } from '../../../shared/schemas/system'
import { isInstalled } from '../registry/installed-package'

/** One way to run TensorFlow.js. Tried in the order of BACKENDS; the first that is found is chosen. */
interface BackendSpec {
  readonly id: string
  readonly title: string
  /** What it is good for. */
  readonly summary: string
  /** Where it comes from when it is missing. */
  readonly command: string | null
  /** Makes it TensorFlow.js's backend, or throws. */
  activate(): Promise<void>
}

const packages = createRequire(import.meta.url)

async function use(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`TensorFlow.js refused the backend ${name}`)
  await tf.ready()
}

/** The native backends' own word for it. */
function usesDevice(backend: unknown): boolean {
  return (backend as { readonly isUsingGpuDevice?: unknown }).isUsingGpuDevice === true
}

export const BACKENDS: readonly BackendSpec[] = [
  {
    id: 'tfjs-node-gpu',
    title: 'TensorFlow with CUDA',
    summary:
      'The native library on an NVIDIA card: the fastest for wide networks and documents on the head’s side.',
    command: 'npm install --ignore-scripts=false @tensorflow/tfjs-node-gpu@4.22.0',
    async activate() {
      packages('@tensorflow/tfjs-node-gpu')
      await use('tensorflow')
      // Without a card or its libraries the package runs on the CPU and says so to nobody.
      if (!usesDevice(tf.backend())) throw new Error('it runs, but it found no CUDA device')
    },
  },
  {
    id: 'tfjs-node',
    title: 'TensorFlow native CPU',
    summary: 'The native library on all cores.',
    command: 'npm install --ignore-scripts=false @tensorflow/tfjs-node@4.22.0',
    async activate() {
      packages('@tensorflow/tfjs-node')
      await use('tensorflow')
    },
  },
  {
    id: 'wasm',
    title: 'WebAssembly with SIMD',
    summary: 'Comes with the workbench and needs nothing: what a fresh clone trains on.',
    command: null,
    async activate() {
      await import('@tensorflow/tfjs-backend-wasm')
      await use('wasm')
    },
  },
  {
    id: 'cpu',
    title: 'Plain JavaScript',
    summary: 'Runs everywhere, slowly: to compare with.',
    command: null,
    activate: () => use('cpu'),
  },
]

export interface ChosenBackend {
  readonly id: string
  readonly reason: string
}

/**
 * Makes the asked backend, or with `auto` the first that works, TensorFlow.js's own. Accepted only after its self-check:
 * a gradient that is known on paper must come out.
 */
export async function chooseBackend(asked: string): Promise<ChosenBackend> {
  if (asked !== 'auto') {
    const spec = BACKENDS.find(({ id }) => id === asked)
    if (!spec) throw unknownBackend(asked)
    const failure = await tryBackend(spec)
    if (failure) throw unavailable(spec, failure)
    return { id: spec.id, reason: 'asked for' }
  }
  const passed: string[] = []
  for (const spec of BACKENDS) {
    const failure = await tryBackend(spec)
    if (!failure)
      return {
        id: spec.id,
        reason: passed.length ? `first that works (${passed.join(', ')})` : 'first choice',
      }
    passed.push(`${spec.id}: ${failure}`)
  }
  throw unavailable(BACKENDS[BACKENDS.length - 1], passed.join('; '))
}

/**
 * What doctor shows: each backend, and whether it works or why not. Chosen is the first that does, as a training would.
 * @param tried why a backend that is there does not work, or null: loaded and checked in a process of its own, since two native
 * ones do not bear each other and a library may end the process that loads it
 */
export async function reportBackends(
  tried: (id: string) => Promise<string | null>,
  isThere: (name: string) => boolean = isInstalled,
): Promise<BackendReport[]> {
  const checked = await Promise.all(
    BACKENDS.map(async (spec) => {
      const there = spec.command === null || isThere(`@tensorflow/${spec.id}`)
      return { ...spec, there, failure: there ? await tried(spec.id) : 'not installed' }
    }),
  )
  const first = checked.findIndex(({ failure }) => failure === null)
  return checked.map(({ id, title, command, there, failure }, i) => {
    const place = command === null ? 'embedded' : 'installed'
    const works = `${place}; loaded and checked`
    const reason = failure === null ? works : there ? `${place}, but not usable: ${failure}` : failure
    return {
      id,
      title,
      found: failure === null,
      reason,
      command: failure ? command : null,
      chosen: i === first,
    }
  })
}

/** Why this backend does not work here, or null where it does: it becomes TensorFlow.js's own and must pass its self-check. */
export async function backendFailure(id: string): Promise<string | null> {
  const spec = BACKENDS.find((one) => one.id === id)
  if (!spec) throw unknownBackend(id)
  return tryBackend(spec)
}

async function tryBackend(spec: BackendSpec): Promise<string | null> {
  if (spec.command !== null && !isInstalled(`@tensorflow/${spec.id}`)) return 'not installed'
  try {
    await spec.activate()
    return selfCheck()
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown)
  }
}

/** d/dw Σ tanh(x·w) at x = (1, 2), w = (.5, −.25): 1 − tanh²(0) = 1 times x. */
function selfCheck(): string | null {
  const gradient = tf.tidy(() => {
    const x = tf.tensor2d([[1, 2]])
    return tf
      .grad((w) => tf.sum(tf.tanh(tf.matMul(x, w as tf.Tensor2D))))(tf.tensor2d([[0.5], [-0.25]]))
      .dataSync()
  })
  const right = Math.abs(gradient[0] - 1) < 1e-5 && Math.abs(gradient[1] - 2) < 1e-5
  return right ? null : `self-check failed: gradient (${[...gradient].join(', ')}) instead of (1, 2)`
}

function unknownBackend(id: string): HydraError {
  return new HydraError('OPTION_UNKNOWN', {
    expected: `auto, ${BACKENDS.map((spec) => spec.id).join(', ')}`,
    got: id,
    remedy: 'Choose one of these, or auto.',
    command: 'hydra doctor',
  })
}

function unavailable(spec: BackendSpec, failure: string): HydraError {
  return new HydraError('BACKEND_UNAVAILABLE', {
    expected: `${spec.title} (${spec.id})`,
    got: failure,
    remedy: spec.command ? 'Install it, or choose another backend.' : 'Choose another backend.',
    command: spec.command ?? 'hydra doctor',
  })
}
