import { cancelled, HydraError, paused, stalled, throwIfCancelled } from '../../../shared/errors'
import type { JobEvent } from '../../../shared/schemas/job'
import type { OperationInput, OperationName, OperationOutput, StepWatch } from '../../pipeline/operation'
import { agreedToSend } from './sending'
import { watchSilence } from './watch-silence'
import { borrowWorker, returnWorker } from './worker-lending'
import { type WorkerPlace, WorkerProcess } from './worker-process'

/** Time for a cancelled operation to stop by itself before its processes are killed. */
const CANCEL_GRACE_MS = 5000
/** Steps take milliseconds to seconds, dev measures seconds; a minute without either is worth a word … */
const STEP_WORD_MS = 60_000
/** … and after this long nothing more is expected. Longer than every wait inside a step, which can say better what it waits for. */
const STEP_BOUND_MS = 10 * 60_000

/** What an operation is given by whoever waits for it. */
export interface OperationStops {
  readonly signal: AbortSignal
  /** Asks the operation to stop so that it can be resumed. */
  readonly pause?: AbortSignal
  readonly emit: (event: JobEvent) => void
  readonly graceMs?: number
  readonly steps?: StepWatch
  /** See ForkOptions. */
  readonly alone?: boolean
}

/**
 * Runs one operation in a process of its own, so that a crash, an out-of-memory or a native abort costs a job and not the
 * workbench. Afterwards the process waits a moment for the next one, unless it failed.
 * @param nested by a process that another has started
 */
export async function runOperation<Name extends OperationName>(
  name: Name,
  input: OperationInput<Name>,
  options: WorkerPlace & OperationStops,
  nested = false,
): Promise<OperationOutput<Name>> {
  throwIfStopped(options)
  const place = { ...options, nested }
  const worker = options.alone ? new WorkerProcess(place, place) : borrowWorker(place)
  try {
    const output = await request(worker, name, input, options)
    if (options.alone) await worker.dismiss()
    else await returnWorker(worker, place)
    return output
  } catch (error) {
    await worker.dismiss()
    throw error
  }
}

async function request<Name extends OperationName>(
  worker: WorkerProcess,
  name: Name,
  input: OperationInput<Name>,
  options: WorkerPlace & OperationStops,
): Promise<OperationOutput<Name>> {
  const { workspace, appRoot } = options
  const id = worker.nextId()
  let settle: (answer: { output: unknown } | { error: HydraError }) => void = () => undefined
  const answered = new Promise<{ output: unknown } | { error: HydraError }>((resolve) => {
    settle = resolve
  })
  const watch =
    options.steps &&
    watchSteps(options.steps, options.emit, (error) => {
      settle({ error })
      worker.kill()
    })
  worker.onMessage = (message) => {
    if (message.type === 'event') {
      watch?.heard(message.event)
      options.emit(message.event)
    } else if (message.type === 'done') settle({ output: message.output })
    else if (message.type === 'failed') settle({ error: HydraError.fromJSON(message.error) })
  }
  void worker.ended.then((end) =>
    settle({ error: options.signal.aborted ? cancelled() : worker.crash(name, end) }),
  )

  let killTimer: NodeJS.Timeout | undefined
  const cancel = () => {
    worker.send({ type: 'cancel', id })
    killTimer = setTimeout(() => worker.kill(), options.graceMs ?? CANCEL_GRACE_MS)
  }
  const pause = () => worker.send({ type: 'pause', id })
  options.signal.addEventListener('abort', cancel, { once: true })
  options.pause?.addEventListener('abort', pause, { once: true })
  worker.send({ type: 'start', id, name, input, workspace, appRoot, agreed: agreedToSend() })
  try {
    const answer = await answered
    if ('error' in answer) throw answer.error
    return answer.output as OperationOutput<Name>
  } finally {
    clearTimeout(killTimer)
    watch?.end()
    options.signal.removeEventListener('abort', cancel)
    options.pause?.removeEventListener('abort', pause)
  }
}

/** Nothing begins after a cancel or a pause. */
function throwIfStopped({ signal, pause }: OperationStops): void {
  throwIfCancelled(signal)
  if (pause?.aborted) throw paused()
}

/** From its first step on only steps and dev measures count: logs and progress say nothing about whether it still learns. */
function watchSteps(
  { what, wordMs = STEP_WORD_MS, boundMs = STEP_BOUND_MS }: StepWatch,
  emit: (event: JobEvent) => void,
  end: (error: HydraError) => void,
) {
  let last = 0
  const watch = watchSilence({
    wordMs,
    boundMs,
    onWord() {
      if (last === 0) return
      const message = `${what}: no step for ${wordMs / 1000} s, the last one was ${last}`
      emit({ type: 'log', at: Date.now(), level: 'warning', message })
    },
    onBound: () =>
      end(stalled(`the next step of ${what}`, `none for ${boundMs / 1000} s after step ${last}`)),
  })
  return {
    heard(event: JobEvent): void {
      const step = event.type === 'loss' || event.type === 'dev'
      if (step) last = event.step
      if (step || last === 0) watch.heard()
    },
    end: watch.end,
  }
}
