import { CURVES, type CurveOf } from '../../../shared/curves'
import { eventReader, type ReadEvent } from './event-reader'

/** One quantity of one trained system, in the order of its steps. */
export interface TrainingCurve {
  length: number
  step: Int32Array
  /** Since the training began, without the time that it lay paused. */
  seconds: Float32Array
  value: Float32Array
}

export interface SystemCurves {
  /** Steps that the training was to take; 0 until a loss names it. */
  steps: number
  /** What dev measures. */
  measure: string | null
  readonly curves: Readonly<Record<CurveOf, TrainingCurve>>
}

/** Which fields of which events are drawn. */
const DRAWN: Readonly<Record<string, readonly (readonly [field: string, of: CurveOf])[]>> = {
  loss: [['loss', 'loss']],
  dev: [['value', 'dev']],
  norm: [['mean', 'norm']],
  health: [
    ['cosine', 'cosine'],
    ['effectiveRank', 'effectiveRank'],
  ],
}
const WANTED: ReadonlySet<string> = new Set([...Object.keys(DRAWN), 'state'])

/**
 * Gathers the curves of one run from its events.jsonl, chunk by chunk. A training that was resumed, or went back after a setback,
 * makes some steps again: what came of them before goes. A line that a crash cut off is passed over.
 */
export function trainingCurves(run: string) {
  const systems = new Map<string, SystemCurves>()
  /** Moment of the last event of each system, in seconds of its training. */
  const clocks = new Map<string, { at: number; seconds: number; stopped: boolean }>()

  function add(event: ReadEvent): void {
    if (event.type === 'state') {
      for (const clock of clocks.values()) clock.stopped = true
      return
    }
    const { arm, at, step, steps, measure } = event
    if (event.run !== run || typeof arm !== 'string' || typeof at !== 'number' || typeof step !== 'number')
      return
    const system = systems.get(arm) ?? emptyCurves()
    systems.set(arm, system)
    if (event.type === 'loss' && typeof steps === 'number') system.steps = steps
    if (event.type === 'dev' && typeof measure === 'string') system.measure = measure
    const seconds = secondsAt(arm, at)
    for (const [field, of] of DRAWN[event.type]) {
      const value = event[field]
      if (typeof value === 'number') push(system.curves[of], step, seconds, value)
    }
  }

  function secondsAt(arm: string, at: number): number {
    const clock = clocks.get(arm)
    if (!clock) {
      clocks.set(arm, { at, seconds: 0, stopped: false })
      return 0
    }
    if (!clock.stopped) clock.seconds += Math.max(0, at - clock.at) / 1000
    clock.at = at
    clock.stopped = false
    return clock.seconds
  }

  const reader = eventReader(WANTED, add)
  return {
    systems: systems as ReadonlyMap<string, SystemCurves>,
    push: reader.push,
    end: reader.end,
  }
}

function emptyCurves(): SystemCurves {
  const curves = Object.fromEntries(
    CURVES.map((of): [CurveOf, TrainingCurve] => [
      of,
      { length: 0, step: new Int32Array(64), seconds: new Float32Array(64), value: new Float32Array(64) },
    ]),
  ) as Record<CurveOf, TrainingCurve>
  return { steps: 0, measure: null, curves }
}

function push(curve: TrainingCurve, step: number, seconds: number, value: number): void {
  while (curve.length > 0 && curve.step[curve.length - 1] >= step) curve.length--
  if (curve.length === curve.step.length) {
    curve.step = doubled(curve.step, new Int32Array(2 * curve.length))
    curve.seconds = doubled(curve.seconds, new Float32Array(2 * curve.length))
    curve.value = doubled(curve.value, new Float32Array(2 * curve.length))
  }
  curve.step[curve.length] = step
  curve.seconds[curve.length] = seconds
  curve.value[curve.length] = value
  curve.length++
}

function doubled<Column extends Int32Array | Float32Array>(from: Column, to: Column): Column {
  to.set(from)
  return to
}
