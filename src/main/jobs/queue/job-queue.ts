import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { cancelled, HydraError, paused, type SerializedError, toHydraError } from '../../../shared/errors'
import type { JobEvent, JobRecord, JobState } from '../../../shared/schemas/job'
import { BESIDE_JOBS } from '../../../shared/tables/beside-jobs'
import { updateRun } from '../../workspace/runs/run-folder'
import { clearRunRequest, readRunRequest } from '../../workspace/runs/run-request'
import { removeTrainingStates } from '../../workspace/runs/training-states'
import { EventLog } from './event-log'
import { JobChanges } from './job-changes'
import { RunRecorder } from './run-recorder'

export interface JobRequest {
  readonly kind: JobRecord['kind']
  readonly title: string
  /** Runs that the job writes, main one first; their folders exist, in state `running` unless they are done already. */
  readonly runs: readonly string[]
  /** Jobs that name the same may run at once, as many as whoever starts them finds room for; any other job runs alone. */
  readonly together?: string
  /** `signal` fires at cancel, `pause` at pause. */
  work(context: JobContext): Promise<unknown>
}

interface JobContext {
  readonly signal: AbortSignal
  readonly pause: AbortSignal
  emit(event: JobEvent): void
}

/** Jobs that can go on later from where they stopped; the others are quick, or begin again cheaply. */
const PAUSABLE: readonly JobRecord['kind'][] = ['train', 'demo', 'model']
/** How often the run folders of a running job are looked at for what another process asks. */
const REQUEST_PERIOD_MS = 500

interface Job {
  record: JobRecord
  readonly request: JobRequest
  readonly log: EventLog
  readonly recorder: RunRecorder
  readonly controller: AbortController
  readonly pauser: AbortController
  /** Settles when the job has ended and its runs say so on disk. */
  readonly ended: Promise<void>
  end(): void
}

/**
 * Heavy work in the order in which it came, one job at a time unless several are one undertaking: two trainings at once would
 * take each other's memory and cores. A job's failure is in its record and in the run.json of its runs; nothing here throws for it.
 */
export class JobQueue {
  readonly #workspace: string
  readonly #now: () => Date
  readonly #jobs = new Map<string, Job>()
  readonly #changes = new JobChanges()
  readonly #running = new Set<Job>()
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
      // Begun later by the end of another job, it still is the work of whoever asked for it.
      request: { ...request, work: AsyncLocalStorage.bind(request.work.bind(request)) },
      log: new EventLog(),
      recorder: new RunRecorder(this.#workspace, BESIDE_JOBS.includes(request.kind) ? [] : request.runs),
      controller: new AbortController(),
      pauser: new AbortController(),
      ended,
      end,
    }
    this.#jobs.set(record.id, job)
    this.#enter(job, 'queued')
    this.#next()
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

  /** Asks a training to stop so that it can be resumed; answers when it has. */
  async pause(id: string): Promise<JobRecord> {
    const job = this.#job(id)
    if (!PAUSABLE.includes(job.request.kind)) throw notPausable(job.record)
    job.pauser.abort()
    if (job.record.state === 'queued') await this.#finish(job, paused())
    await job.ended
    return job.record
  }

  /** The job that runs a run now, or waits to. */
  runningJob(run: string): JobRecord | null {
    return this.list().find(({ runs, endedAt }) => endedAt === null && runs.includes(run)) ?? null
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
      remedy: 'Jobs are forgotten when their host ends; what they made stands among the runs.',
      command: 'hydra runs list',
    })
  }

  /** Starts what waits, in its order: nothing overtakes a job that has to wait for those that run. */
  #next(): void {
    for (const job of this.#jobs.values()) {
      if (job.record.state !== 'queued') continue
      if (![...this.#running].every((other) => mayJoin(job, other))) return
      void this.#run(job)
    }
  }

  async #run(job: Job): Promise<void> {
    this.#running.add(job)
    this.#enter(job, 'running')
    let failure: HydraError | null = null
    const { controller, pauser } = job
    const stopListening = this.#listenForRequests(job)
    try {
      await job.request.work({
        signal: controller.signal,
        pause: pauser.signal,
        emit: (event) => this.#happened(job, event),
      })
    } catch (error) {
      failure = whyItEnded(controller.signal, pauser.signal, error)
    }
    await stopListening()
    await this.#finish(job, failure)
    this.#running.delete(job)
    this.#next()
  }

  /** Does what another process asks of the job's runs. What was asked before it began no longer counts. */
  #listenForRequests(job: Job): () => Promise<void> {
    const runs = job.request.runs
    const clear = () =>
      Promise.all(runs.map((run) => clearRunRequest(this.#workspace, run).catch(() => undefined)))
    let looking: Promise<unknown> = clear()
    const look = async () => {
      for (const run of runs) {
        const ask = await readRunRequest(this.#workspace, run)
        if (ask === 'cancel') job.controller.abort()
        else if (ask === 'pause' && PAUSABLE.includes(job.request.kind)) job.pauser.abort()
      }
    }
    const timer = setInterval(() => {
      looking = looking.then(look)
    }, REQUEST_PERIOD_MS)
    // The work keeps the process alive, not the look-out.
    timer.unref()
    return async () => {
      clearInterval(timer)
      await looking
      await clear()
    }
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
    const state = stateOf(failure)
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
        if (state === 'cancelled' && PAUSABLE.includes(job.request.kind))
          await removeTrainingStates(this.#workspace, run)
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

function mayJoin(job: Job, running: Job): boolean {
  const { together } = job.request
  return together !== undefined && together === running.request.together
}

/** A cancel outweighs a pause; both outweigh what the work says when it is stopped. */
function whyItEnded(cancel: AbortSignal, pause: AbortSignal, error: unknown): HydraError {
  if (cancel.aborted) return cancelled()
  const failure = toHydraError(error)
  // A pause that meets a full disk or a crash has not saved what it promised.
  return pause.aborted && failure.code === 'CANCELLED' ? paused() : failure
}

function stateOf(failure: HydraError | null): 'done' | 'cancelled' | 'paused' | 'failed' {
  if (failure === null) return 'done'
  if (failure.code === 'CANCELLED') return 'cancelled'
  return failure.code === 'PAUSED' ? 'paused' : 'failed'
}

function notPausable({ kind, title }: JobRecord): HydraError {
  return new HydraError('RUN_STATE', {
    expected: 'a training or a download',
    got: `“${title}”, which is an ${kind} job`,
    remedy: 'Let it finish, or cancel it and start it again: what it encoded stays in the cache.',
  })
}

function reasonOf(failure: HydraError): string {
  if (failure.code === 'CANCELLED') return 'Cancelled.'
  if (failure.code === 'PAUSED') return 'Paused.'
  const { where, got, remedy } = failure.detail
  return `${failure.code}${where ? ` at ${where}` : ''}: ${got}. ${remedy}`
}
