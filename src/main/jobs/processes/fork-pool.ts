import type { OperationInput, OperationName, OperationOutput } from '../../pipeline/operation'
import { type OperationStops, OperationWorker, throwIfStopped } from './operation-worker'
import type { WorkerPlace } from './worker-process'

/** Long enough for the next network of the same run, short enough that memory is free when its evaluation is under way. */
const PARKED_MS = 2000

/**
 * The processes that one worker starts. Each runs one operation at a time; one whose operation succeeded waits a moment for
 * the next, since a process takes two seconds to load what trains, and a run may train twenty networks.
 */
export class ForkPool {
  readonly #place: WorkerPlace
  readonly #parked = new Map<OperationWorker, NodeJS.Timeout>()

  constructor(place: WorkerPlace) {
    this.#place = place
  }

  async run<Name extends OperationName>(
    name: Name,
    input: OperationInput<Name>,
    stops: OperationStops,
  ): Promise<OperationOutput<Name>> {
    throwIfStopped(stops)
    const worker = this.#take() ?? new OperationWorker(this.#place, true)
    try {
      const output = await worker.request(name, input, stops)
      this.#park(worker)
      return output
    } catch (error) {
      await worker.dismiss()
      throw error
    }
  }

  #take(): OperationWorker | undefined {
    for (const [worker, timer] of this.#parked) {
      clearTimeout(timer)
      this.#parked.delete(worker)
      if (!worker.alive) continue
      worker.hold(true)
      return worker
    }
    return undefined
  }

  #park(worker: OperationWorker): void {
    worker.hold(false)
    const timer = setTimeout(() => {
      this.#parked.delete(worker)
      void worker.dismiss()
    }, PARKED_MS)
    timer.unref()
    this.#parked.set(worker, timer)
  }
}
