import { type WorkerPlace, WorkerProcess } from './worker-process'

/** Long enough for what comes next of the same work, short enough that memory is free when something else is under way. */
const PARKED_MS = 2000
/** A process keeps what it has once taken of the memory: one that has grown large is not kept for a job that may be small. */
const MOST_PARKED_BYTES = 600 * 2 ** 20

interface Borrowed extends WorkerPlace {
  /** Started by another worker. */
  readonly nested: boolean
}

const parked = new Map<WorkerProcess, { readonly key: string; readonly timer: NodeJS.Timeout }>()

/** A process reads its environment once, and what it has opened is of one workspace. */
function keyOf({ workspace, appRoot, script, nested }: Borrowed): string {
  return JSON.stringify([workspace, appRoot, script, nested, process.env])
}

/** A worker process for as long as the caller needs it: one that waits since its last work, or a new one. */
export function borrowWorker(place: Borrowed): WorkerProcess {
  const key = keyOf(place)
  for (const [worker, { key: other, timer }] of parked) {
    if (key !== other) continue
    clearTimeout(timer)
    parked.delete(worker)
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
  const timer = setTimeout(() => {
    parked.delete(worker)
    void worker.dismiss()
  }, PARKED_MS)
  timer.unref()
  parked.set(worker, { key: keyOf(place), timer })
  return Promise.resolve()
}

/** What the waiting workers of a place have opened may be gone: they end, and the next work has a new one. */
export async function dismissParked(place: Borrowed): Promise<void> {
  const key = keyOf(place)
  const ends: Promise<void>[] = []
  for (const [worker, one] of parked) {
    if (one.key !== key) continue
    clearTimeout(one.timer)
    parked.delete(worker)
    ends.push(worker.dismiss())
  }
  await Promise.all(ends)
}
