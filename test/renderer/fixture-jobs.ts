/// <reference types="node" />
import type { JobEvent, JobRecord, JobState } from '../../src/shared/schemas/job'

type WithoutTime<Event> = Event extends { at: number } ? Omit<Event, 'at'> : never

interface Played {
  record: JobRecord
  readonly events: JobEvent[]
  timer: ReturnType<typeof setInterval> | null
  readonly ended: (state: JobState) => void
}

/** Jobs that are played from a script, one step a tick: enough to see a page live. */
export class FixtureJobs {
  readonly #jobs = new Map<string, Played>()
  readonly #listeners = new Set<(job: JobRecord, event: JobEvent) => void>()
  #count = 0

  constructor(readonly pace: number) {}

  list(): JobRecord[] {
    return [...this.#jobs.values()].map((job) => job.record)
  }

  get(id: string): JobRecord | undefined {
    return this.#jobs.get(id)?.record
  }

  /** What jobs have said of a run, as its folder would have it. */
  eventsOf(run: string): JobEvent[] {
    return [...this.#jobs.values()]
      .filter(({ record }) => record.runs.includes(run))
      .flatMap(({ events }) => events)
  }

  /** Starts a job whose script yields the events of each tick; `done` is called when the script is at its end. */
  start(
    job: Pick<JobRecord, 'kind' | 'title' | 'runs'>,
    script: Iterator<WithoutTime<JobEvent>[]>,
    done: (state: JobState) => void,
  ): string {
    const id = `job-${++this.#count}`
    const played: Played = {
      record: {
        ...job,
        id,
        state: 'running',
        createdAt: new Date().toISOString(),
        endedAt: null,
        progress: null,
        error: null,
      },
      events: [],
      timer: null,
      ended: done,
    }
    this.#jobs.set(id, played)
    this.#emit(played, { type: 'state', state: 'running' })
    played.timer = setInterval(() => {
      const step = script.next()
      if (step.done) {
        done('done')
        this.#end(played, 'done')
      } else for (const event of step.value) this.#emit(played, event)
    }, this.pace)
    return id
  }

  cancel(id: string): JobRecord {
    const played = this.#jobs.get(id)!
    if (played.timer) {
      played.ended('cancelled')
      this.#end(played, 'cancelled')
    }
    return played.record
  }

  pause(id: string): JobRecord {
    const played = this.#jobs.get(id)!
    if (played.timer) {
      played.ended('paused')
      this.#end(played, 'paused')
    }
    return played.record
  }

  stop(): void {
    for (const job of this.#jobs.values()) if (job.timer) clearInterval(job.timer)
  }

  async *watch(id: string, signal: AbortSignal | undefined): AsyncGenerator<JobEvent> {
    const played = this.#jobs.get(id)!
    for (let at = 0; ; at++) {
      while (at >= played.events.length) {
        if (!played.timer || signal?.aborted) return
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      yield played.events[at]
    }
  }

  async *changes(signal: AbortSignal | undefined): AsyncGenerator<JobRecord> {
    let changed: JobRecord[] = []
    const listen = (job: JobRecord) => {
      changed.push(job)
    }
    this.#listeners.add(listen)
    try {
      while (!signal?.aborted) {
        const now = new Map(changed.map((job) => [job.id, job]))
        changed = []
        yield* now.values()
        await new Promise((resolve) => setTimeout(resolve, 40))
      }
    } finally {
      this.#listeners.delete(listen)
    }
  }

  #end(played: Played, state: JobState): void {
    if (played.timer) clearInterval(played.timer)
    played.record = { ...played.record, endedAt: new Date().toISOString() }
    this.#emit(played, { type: 'state', state })
    played.timer = null
  }

  #emit(played: Played, event: WithoutTime<JobEvent>): void {
    const timed = { ...event, at: Date.now() } as JobEvent
    played.events.push(timed)
    if (timed.type === 'progress') played.record = { ...played.record, progress: timed.progress }
    if (timed.type === 'state') played.record = { ...played.record, state: timed.state }
    for (const listener of this.#listeners) listener(played.record, timed)
  }
}

/** An import: two phases of plain progress. */
export function* importScript(): Generator<WithoutTime<JobEvent>[]> {
  yield [{ type: 'log', level: 'info', message: 'reading WordNet 3.1' }]
  for (let done = 1; done <= 10; done++)
    yield [progress('build tasks', done * 41, 414, 'tasks', 180, (10 - done) * 0.3)]
}

/** A training run: encode, then two networks with loss and dev curves, then the verdict. */
export function* trainScript(
  run: string,
  steps: number,
  random: () => number,
): Generator<WithoutTime<JobEvent>[]> {
  yield [{ type: 'log', level: 'info', message: 'backend wasm: SIMD; tfjs-node is not installed' }]
  for (let part = 1; part <= 6; part++)
    yield [
      progress(
        'encode 20,000 documents',
        Math.round((part * 20_000) / 6),
        20_000,
        'texts',
        312,
        (6 - part) * 10,
      ),
    ]
  for (const system of ['no card', 'task card']) {
    yield [{ type: 'log', level: 'info', message: `train ${system}: 0.47 M weights, ${steps} steps` }]
    const ticks = 40
    for (let tick = 1; tick <= ticks; tick++) {
      const step = Math.round((tick * steps) / ticks)
      const floor = system === 'task card' ? 4.3 : 5.2
      const events: WithoutTime<JobEvent>[] = [
        progress(`train ${system}`, step, steps, 'steps', 41, (steps - step) / 41),
        {
          type: 'loss',
          run,
          arm: system,
          step,
          steps,
          loss: floor + 3.1 * Math.exp((-4 * tick) / ticks) + (random() - 0.5) * 0.16,
        },
      ]
      if (tick % 4 === 0) {
        const top = system === 'task card' ? 0.29 : 0.16
        events.push({
          type: 'dev',
          run,
          arm: system,
          step,
          measure: 'nDCG@10',
          value: top - 0.18 * Math.exp((-3.4 * tick) / ticks) + (random() - 0.5) * 0.006,
        })
      }
      yield events
    }
  }
  for (let part = 1; part <= 4; part++)
    yield [progress('evaluate unseen cards', part * 20, 82, 'cards', 9, (4 - part) * 2)]
  yield [
    {
      type: 'log',
      level: 'warning',
      message: '12 queries of 3 tasks have no relevant document left at k = 4 and were dropped',
    },
  ]
}

function progress(
  phase: string,
  done: number,
  total: number,
  unit: string,
  rate: number,
  remaining: number,
): WithoutTime<JobEvent> {
  return { type: 'progress', progress: { phase, done, total, unit, rate, remaining } }
}

/** A matrix of three tasks, each slow enough for another window to see it under way. */
export function* matrixScript(): Generator<WithoutTime<JobEvent>[]> {
  for (let tick = 0; tick <= 60; tick++) {
    const done = Math.floor(tick / 20)
    const progress = {
      phase: 'score every card',
      unit: 'tasks',
      done,
      total: 3,
      rate: 1,
      remaining: 3 - done,
    }
    yield [{ type: 'progress', progress }]
  }
}
