import type { SerializedError } from '../../shared/errors'
import type { JobEvent, JobState, Progress } from '../../shared/schemas/job'

type Point = readonly [step: number, value: number]

/** One network of one run: what its training has said so far. */
interface SystemTrace {
  readonly run: string
  readonly system: string
  /** Steps it is going to take; 0 until the first loss names it. */
  steps: number
  readonly loss: Point[]
  readonly dev: Point[]
  /** Mean norm of the whole gradient before it was clipped. */
  readonly norm: Point[]
  /** Of what the heads of different cards do to the same queries; without points where there are fewer than two heads. */
  readonly cosine: Point[]
  readonly effectiveRank: Point[]
  measure: string
}

export interface LogLine {
  readonly at: number
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
  /** Where on a curve it happened. */
  readonly mark?: { readonly run: string; readonly arm: string; readonly step: number }
}

/** Rows of the ladder that are scored, before the verdict. */
export type ScoredTable = Extract<JobEvent, { type: 'ladder' }>

export interface JobTrace {
  readonly systems: Map<string, SystemTrace>
  readonly log: LogLine[]
  /** By cards and examples, as they came: what is evaluated anew takes its place. */
  readonly tables: Map<string, ScoredTable>
  /** Phases begun, in order, with the last progress of each. */
  readonly phases: Map<string, Progress>
  progress: Progress | null
  state: JobState | null
  error: SerializedError | null
}

export function emptyTrace(): JobTrace {
  return {
    systems: new Map(),
    log: [],
    tables: new Map(),
    phases: new Map(),
    progress: null,
    state: null,
    error: null,
  }
}

/** Adds one event to the trace, in place: a run has thousands, and only the end of a frame is drawn. */
export function addEvent(trace: JobTrace, event: JobEvent): void {
  switch (event.type) {
    case 'progress':
      trace.progress = event.progress
      trace.phases.set(event.progress.phase, event.progress)
      break
    case 'loss': {
      const system = systemOf(trace, event.run, event.arm)
      system.steps = event.steps
      add(system.loss, event.step, event.loss)
      break
    }
    case 'dev': {
      const system = systemOf(trace, event.run, event.arm)
      system.measure = event.measure
      add(system.dev, event.step, event.value)
      break
    }
    case 'norm':
      add(systemOf(trace, event.run, event.arm).norm, event.step, event.mean)
      break
    case 'health': {
      const system = systemOf(trace, event.run, event.arm)
      if (event.cosine !== null) add(system.cosine, event.step, event.cosine)
      if (event.effectiveRank !== null) add(system.effectiveRank, event.step, event.effectiveRank)
      break
    }
    case 'ladder':
      trace.tables.set(`${event.run} ${event.cards} ${event.examples}`, event)
      break
    case 'log':
      trace.log.push({ at: event.at, level: event.level, message: event.message, mark: event.mark })
      break
    case 'state':
      trace.state = event.state
      // A run that goes on has no error any more.
      trace.error = (event.error as SerializedError | undefined) ?? null
      break
  }
}

/** A training that was resumed, or went back after a setback, makes some steps again: what came of them before is no more. */
function add(points: Point[], step: number, value: number): void {
  while (points.length > 0 && points[points.length - 1][0] >= step) points.pop()
  points.push([step, value])
}

function systemOf(trace: JobTrace, run: string, system: string): SystemTrace {
  const key = `${run} ${system}`
  let known = trace.systems.get(key)
  if (!known) {
    known = {
      run,
      system,
      steps: 0,
      loss: [],
      dev: [],
      norm: [],
      cosine: [],
      effectiveRank: [],
      measure: 'nDCG@10',
    }
    trace.systems.set(key, known)
  }
  return known
}

export function hasEnded(state: JobState | null): boolean {
  return state === 'done' || state === 'paused' || state === 'failed' || state === 'cancelled'
}

/** Events from before a moment, ms since the epoch: those of earlier jobs, when the moment is that of a job's making. */
export function eventsBefore(events: readonly JobEvent[], since: number): JobEvent[] {
  return events.filter(({ at }) => at < since)
}

/** A job that carries two runs says of its curves which run they are of; the rest is of both. */
export function isOfRun(event: JobEvent, run: string): boolean {
  return !('run' in event) || event.run === run
}
