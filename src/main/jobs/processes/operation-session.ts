import { cancelled, HydraError, throwIfCancelled } from '../../../shared/errors'
import type { JobEvent } from '../../../shared/schemas/job'
import type { OperationInput, OperationOutput, SessionOperationName } from '../../pipeline/operation'
import type { FromWorker } from './process-messages'
import { agreedToSend } from './sending'
import { borrowWorker, dismissParked, returnWorker } from './worker-lending'
import type { WorkerPlace, WorkerProcess } from './worker-process'

/** Vectors and networks are cached between requests, and given back after this long without one. */
const IDLE_MS = 10 * 60_000

interface Pending {
  readonly worker: WorkerProcess
  resolve(output: unknown): void
  reject(error: unknown): void
  emit(event: JobEvent): void
}

/**
 * A warm worker for what a person waits for (the operations that say `session`): started at the first request,
 * again after a crash, gone after ten idle minutes. While idle it does not keep our process alive.
 */
export class OperationSession {
  readonly #place: WorkerPlace
  readonly #idleMs: number | null
  readonly #pending = new Map<number, Pending>()
  #worker: WorkerProcess | null = null
  /** Those that finish what they have begun, and get nothing new. */
  readonly #retired = new Set<WorkerProcess>()
  #idleTimer: NodeJS.Timeout | undefined
  /** Whether it still works on what nobody waits for. */
  #spoiled = false

  /** @param options.idleMs until an idle worker goes; null: it stays */
  constructor(place: WorkerPlace, { idleMs = IDLE_MS }: { idleMs?: number | null } = {}) {
    this.#place = place
    this.#idleMs = idleMs
  }

  get pid(): number | undefined {
    return this.#worker?.pid
  }

  async request<Name extends SessionOperationName>(
    name: Name,
    input: OperationInput<Name>,
    signal?: AbortSignal,
    emit: (event: JobEvent) => void = () => {},
  ): Promise<OperationOutput<Name>> {
    throwIfCancelled(signal)
    const worker = this.#start()
    const id = worker.nextId()
    const { workspace, appRoot } = this.#place
    const cancel = () => {
      worker.send({ type: 'cancel', id })
      this.#spoiled = true
      // The worker notices at its next pause; nobody waits for that.
      this.#take(id)?.reject(cancelled())
    }
    try {
      return await new Promise<OperationOutput<Name>>((resolve, reject) => {
        this.#pending.set(id, { worker, resolve: resolve as (output: unknown) => void, reject, emit })
        signal?.addEventListener('abort', cancel, { once: true })
        worker.send({ type: 'start', id, name, input, workspace, appRoot, agreed: agreedToSend() })
      })
    } finally {
      signal?.removeEventListener('abort', cancel)
      if (this.#retired.has(worker)) await this.#endRetired()
      else if (this.#pending.size === 0) this.#rest()
    }
  }

  /**
   * Forgets what it has opened, of which a model or a dataset has been removed: another one may come under the same name.
   * Requests under way end in the process that they began in.
   */
  async renew(): Promise<void> {
    clearTimeout(this.#idleTimer)
    if (this.#worker) this.#retired.add(this.#worker)
    this.#worker = null
    await Promise.all([this.#endRetired(), dismissParked({ ...this.#place, nested: false })])
  }

  async close(): Promise<void> {
    clearTimeout(this.#idleTimer)
    const worker = this.#worker
    this.#worker = null
    await Promise.all([...this.#retired].map((retired) => retired.dismiss()))
    if (!worker) return
    if (this.#spoiled || this.#pending.size > 0) await worker.dismiss()
    else await returnWorker(worker, { ...this.#place, nested: false })
  }

  async #endRetired(): Promise<void> {
    const busy = new Set([...this.#pending.values()].map(({ worker }) => worker))
    const idle = [...this.#retired].filter((worker) => !busy.has(worker))
    for (const worker of idle) this.#retired.delete(worker)
    await Promise.all(idle.map((worker) => worker.dismiss()))
  }

  #start(): WorkerProcess {
    clearTimeout(this.#idleTimer)
    if (!this.#worker?.alive) {
      const worker = borrowWorker({ ...this.#place, nested: false })
      worker.onMessage = (message) => this.#receive(message)
      this.#worker = worker
      this.#spoiled = false
      void worker.ended.then((end) => {
        if (this.#worker === worker) this.#worker = null
        for (const [id, pending] of [...this.#pending]) {
          if (pending.worker === worker) this.#take(id)?.reject(worker.crash('the request', end))
        }
      })
    }
    this.#worker.hold(true)
    return this.#worker
  }

  #receive(message: FromWorker): void {
    if (message.type === 'done') this.#take(message.id)?.resolve(message.output)
    else if (message.type === 'event') this.#pending.get(message.id)?.emit(message.event)
    else if (message.type === 'failed') this.#take(message.id)?.reject(HydraError.fromJSON(message.error))
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #rest(): void {
    this.#worker?.hold(false)
    if (this.#idleMs === null) return
    this.#idleTimer = setTimeout(() => void this.close(), this.#idleMs)
    this.#idleTimer.unref()
  }
}
