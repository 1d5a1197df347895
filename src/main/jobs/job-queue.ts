import { randomBytes } from 'node:crypto'
import { cancelled, HydraError, type SerializedError, toHydraError } from '../../shared/errors'
import type { JobEvent, JobRecord, JobState } from '../../shared/job'
import { updateRun } from '../workspace/run-folder'
import { EventLog } from './event-log'
import { JobChanges } from './job-changes'
import { RunRecorder } from './run-recorder'

export interface JobRequest {
  readonly kind: JobRecord['kind']
  readonly title: string
  /** Runs that the job writes, main one first; their folders exist, in state `running`. */
  readonly runs: readonly string[]
  work(context: { signal: AbortSignal; emit(event: JobEvent): void }): Promise<unknown>
}

interface Job {
  record: JobRecord
  readonly request: JobRequest
  readonly log: EventLog
  readonly recorder: RunRecorder
  readonly controller: AbortController
  /** Settles when the job has ended and its runs say so on disk. */
  readonly ended: Promise<void>
  end(): void
}

/**
 * Heavy work, one job at a time: two trainings at once would take each other's memory and cores. A job's failure is in
 * its record and in the run.json of its runs; nothing here throws for it.
 */
export class JobQueue {
  readonly #workspace: string
  readonly #now: () => Date
  readonly #jobs = new Map<string, Job>()
  readonly #changes = new JobChanges()
  #busy = false
  #closed = false

  constructor(options: { workspace: string; now: () => Date }) {
    this.#workspace = options.workspace
    this.#now = options.now
  }

  start(request: JobRequest): JobRecord {
    if (this.#closed) throw cancelled()
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const record: JobRecord = {
      id: randomBytes(6).toString('hex'),
      kind: request.kind,
      title: request.title,
      state: 'queued',
      createdAt: this.#now().toISOString(),
      endedAt: null,
      progress: null,
      runs: [...request.runs],
      error: null,
    }
    const job: Job = {
      record,
      request,
      log: new EventLog(),
      recorder: new RunRecorder(this.#workspace, request.runs),
      controller: new AbortController(),
      ended,
      end,
    }
    this.#jobs.set(record.id, job)
    this.#enter(job, 'queued')
    void this.#next()
    return job.record
  }

  /** Newest first. */
  list(): JobRecord[] {
    return [...this.#jobs.values()].map((job) => job.record).reverse()
  }

  show(id: string): JobRecord {
    return this.#job(id).record
  }

  /** Asks a job to stop; a queued one ends at once, a running one when its processes have. */
  async cancel(id: string): Promise<JobRecord> {
    const job = this.#job(id)
    job.controller.abort()
    if (job.record.state === 'queued') await this.#finish(job, cancelled())
    return job.record
  }

  watch(id: string, signal?: AbortSignal): AsyncGenerator<JobEvent, void, void> {
    return this.#job(id).log.watch(signal)
  }

  changes(signal?: AbortSignal): AsyncGenerator<JobRecord, void, void> {
    return this.#changes.watch(signal)
  }

  ended(id: string): Promise<void> {
    return this.#job(id).ended
  }

  /** Cancels everything and waits until it has ended. */
  async close(): Promise<void> {
    this.#closed = true
    const open = [...this.#jobs.values()].filter((job) => job.record.endedAt === null)
    await Promise.all(open.map((job) => this.cancel(job.record.id).then(() => job.ended)))
  }

  #job(id: string): Job {
    const job = this.#jobs.get(id)
    if (job) return job
    throw new HydraError('JOB_UNKNOWN', {
      expected: 'a job that this host has started since it was opened',
      got: JSON.stringify(id),
      remedy: 'Finished work stands under Runs (`hydra runs list`).',
    })
  }

  async #next(): Promise<void> {
    if (this.#busy) return
    const job = [...this.#jobs.values()].find(({ record }) => record.state === 'queued')
    if (!job) return
    this.#busy = true
    this.#enter(job, 'running')
    let failure: HydraError | null = null
    try {
      await job.request.work({ signal: job.controller.signal, emit: (event) => this.#happened(job, event) })
    } catch (error) {
      failure = job.controller.signal.aborted ? cancelled() : toHydraError(error)
    }
    await this.#finish(job, failure)
    this.#busy = false
    void this.#next()
  }

  #happened(job: Job, event: JobEvent): void {
    if (job.record.endedAt !== null) return
    job.recorder.record(event)
    job.log.append(event)
    if (event.type === 'progress') this.#change(job, { progress: event.progress })
  }

  #enter(job: Job, state: JobState, error?: SerializedError): void {
    this.#change(job, { state })
    const event: JobEvent = { type: 'state', at: this.#now().getTime(), state, ...(error ? { error } : {}) }
    job.recorder.record(event)
    job.log.append(event)
  }

  #change(job: Job, change: Partial<JobRecord>): void {
    job.record = { ...job.record, ...change }
    this.#changes.offer(job.record)
  }

  /** The runs first, then the record, then the readers: whoever hears of the end finds it on disk. */
  async #finish(job: Job, failure: HydraError | null): Promise<void> {
    const endedAt = this.#now().toISOString()
    const state = failure === null ? 'done' : failure.code === 'CANCELLED' ? 'cancelled' : 'failed'
    let error = failure?.toJSON()
    job.record = { ...job.record, state, endedAt, error: error ?? null }
    job.recorder.record({ type: 'state', at: this.#now().getTime(), state, ...(error ? { error } : {}) })
    try {
      await job.recorder.flush()
      for (const run of job.request.runs) {
        await updateRun(this.#workspace, run, (current) =>
          // An operation that ends one of several runs says so itself; that stands.
          current.state === 'running' ? { state, reason: failure ? reasonOf(failure) : null, endedAt } : {},
        )
      }
    } catch (thrown) {
      error ??= toHydraError(thrown).toJSON()
      job.record = { ...job.record, state: state === 'done' ? 'failed' : state, error }
    }
    this.#changes.offer(job.record)
    const end: JobEvent = {
      type: 'state',
      at: this.#now().getTime(),
      state: job.record.state,
      ...(error ? { error } : {}),
    }
    job.log.append(end)
    job.log.close()
    job.end()
  }
}

function reasonOf(failure: HydraError): string {
  if (failure.code === 'CANCELLED') return 'Cancelled.'
  const { where, got, remedy } = failure.detail
  return `${failure.code}${where ? ` at ${where}` : ''}: ${got}. ${remedy}`
}
