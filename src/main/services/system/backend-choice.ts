import type { TrainRequest } from '../../../shared/schemas/run'
import type { BackendRefusal, MeasuredBackends } from '../../../shared/schemas/system'
import { runOperation } from '../../jobs/processes/operation-process'
import type { ServiceContext } from '../service-context'
import { tryBackend } from './try-backend'

/** The backends as a training would choose among them; each is tried once for as long as the host lives. */
export function backendChoice(context: ServiceContext) {
  const tried = new Map<string, Promise<BackendRefusal | null>>()
  const { version: app, workspace, appRoot, workerScript } = context

  function once(backend: string): Promise<BackendRefusal | null> {
    const attempt = tried.get(backend) ?? tryBackend(backend, context)
    tried.set(backend, attempt)
    return attempt
  }

  /** What works here, with what was measured of the configuration of a request. */
  async function look(request: TrainRequest, signal?: AbortSignal) {
    // Loaded on demand: it brings TensorFlow.js along, which nothing else in a host needs.
    const { reportBackends } = await import('../../engine/training/report-backends')
    const known = await context.session.request('known-step-times', { request, app }, signal)
    const times = known?.times ?? {}
    const measured = known && { configuration: known.words, at: known.at }
    return { backends: await reportBackends(once, { times }), measured, times }
  }

  async function show(request: TrainRequest, signal?: AbortSignal): Promise<MeasuredBackends> {
    const { backends, measured } = await look(request, signal)
    return { backends, measured }
  }

  return {
    show,

    /** Some seconds of steps on each that works, anew where they were measured before. */
    async measure(request: TrainRequest, signal?: AbortSignal): Promise<MeasuredBackends> {
      const { backends } = await look(request, signal)
      const usable = backends.filter(({ found }) => found).map(({ id }) => id)
      await runOperation(
        'measure-backends',
        { request, backends: usable, app },
        {
          workspace,
          appRoot,
          script: workerScript,
          signal: signal ?? new AbortController().signal,
          emit: () => {},
        },
      )
      return show(request, signal)
    },

    /** The one that a run would take, and why. */
    async choose(request: TrainRequest, signal?: AbortSignal): Promise<{ id: string; reason: string }> {
      const { backend = 'auto' } = request
      if (backend !== 'auto') return { id: backend, reason: 'asked for' }
      const { whyChosen } = await import('../../engine/training/backends/fastest-first')
      const { backends, times } = await look(request, signal)
      const chosen = backends.find((one) => one.chosen)
      const refused = backends.filter(({ found }) => !found).map(({ id, reason }) => `${id}: ${reason}`)
      const id = chosen?.id ?? 'cpu'
      return { id, reason: whyChosen(id, times, refused).reason }
    },
  }
}
