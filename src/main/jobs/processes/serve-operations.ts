import { HydraError, toHydraError } from '../../../shared/errors'
import type { Operation, OperationContext } from '../../pipeline/operation'
import { ALIVE_PERIOD_MS, type FromWorker, type ToWorker } from './process-messages'
import { sendingFor } from './sending'

/** What differs from request to request; the rest of the context is the worker's own. */
export interface RequestContext
  extends Pick<OperationContext, 'workspace' | 'appRoot' | 'signal' | 'pause' | 'emit'> {}

/**
 * The worker's side of the channel: starts what it is told, passes events on, answers once. The process ends when its
 * parent goes, so that no worker outlives the workbench.
 */
export function serveOperations(
  operations: ReadonlyMap<string, Operation>,
  openContext: (request: RequestContext) => OperationContext,
  closeContext: (request: RequestContext) => void,
): void {
  const running = new Map<number, { readonly cancel: AbortController; readonly pause: AbortController }>()
  const send = (message: FromWorker) => {
    if (process.connected) process.send?.(message)
  }

  setInterval(() => send({ type: 'alive' }), ALIVE_PERIOD_MS).unref()
  process.on('message', (message: ToWorker) => {
    if (message.type !== 'start') running.get(message.id)?.[message.type].abort()
    else void sendingFor(message.agreed, () => answer(message))
  })
  process.on('disconnect', () => {
    for (const { cancel } of running.values()) cancel.abort()
    process.exit(0)
  })

  async function answer(message: Extract<ToWorker, { type: 'start' }>): Promise<void> {
    const { id, name, input, workspace, appRoot } = message
    const controllers = { cancel: new AbortController(), pause: new AbortController() }
    running.set(id, controllers)
    const request: RequestContext = {
      workspace,
      appRoot,
      signal: controllers.cancel.signal,
      pause: controllers.pause.signal,
      emit: (event) => send({ type: 'event', id, event }),
    }
    try {
      const operation = operations.get(name)
      if (!operation) throw unknownOperation(name)
      const output = await operation.run(operation.input.parse(input), openContext(request))
      const memoryBytes = process.memoryUsage.rss()
      send({ type: 'done', id, output: operation.output.parse(output), memoryBytes })
    } catch (error) {
      const failure = toHydraError(error)
      // The parent shows these lines when it reports a fault of the workbench itself.
      if (failure.code === 'INTERNAL') console.error(error)
      send({ type: 'failed', id, error: failure.toJSON() })
    } finally {
      closeContext(request)
      running.delete(id)
    }
  }
}

function unknownOperation(name: string): HydraError {
  return new HydraError('INTERNAL', {
    expected: 'an operation of this worker',
    got: name,
    remedy: 'Please report it.',
  })
}
