import { Parked } from './parked'
import { type WorkerPlace, WorkerProcess } from './worker-process'

/** A process keeps what it has once taken of the memory: one that has grown large is not kept for a job that may be small. */
const MOST_PARKED_BYTES = 600 * 2 ** 20

interface Borrowed extends WorkerPlace {
  /** Started by another worker. */
  readonly nested: boolean
}

const parked = new Parked<WorkerProcess>((worker) => worker.dismiss())

/** A process reads its environment once, and what it has opened is of one workspace. */
function keyOf({ workspace, appRoot, script, nested }: Borrowed): string {
  return JSON.stringify([workspace, appRoot, script, nested, process.env])
}

/** A worker process for as long as the caller needs it: one that waits since its last work, or a new one. */
export function borrowWorker(place: Borrowed): WorkerProcess {
  const key = keyOf(place)
  for (let worker = parked.take(key); worker; worker = parked.take(key)) {
    if (!worker.alive) continue
    worker.hold(true)
    return worker
  }
  return new WorkerProcess(place, place)
}

/**
 * Gives back a worker that has answered all that it was asked. It waits a moment for the next work, since a process takes
 * up to two seconds to load what trains, and does not keep ours alive meanwhile.
 */
export function returnWorker(worker: WorkerProcess, place: Borrowed): Promise<void> {
  worker.onMessage = () => undefined
  // The networks of one run follow one another, each as large as the last.
  if (!worker.alive || (!place.nested && worker.memoryBytes > MOST_PARKED_BYTES)) return worker.dismiss()
  worker.hold(false)
  parked.park(worker, keyOf(place))
  return Promise.resolve()
}

/** What the waiting workers of a place have opened may be gone: they end, and the next work has a new one. */
export function dismissParked(place: Borrowed): Promise<void> {
  return parked.dismiss(keyOf(place))
}
