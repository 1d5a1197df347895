import type { JobEvent } from '../../../shared/schemas/job'
import type { Health } from '../../engine/training/monitor'
import type { StepReport } from '../../engine/training/training-loop'

/** Losses and gradient norms at most this often: five points a second make a smooth curve. */
const CURVE_INTERVAL_MS = 200
/** Losses per task at most this often … */
const TASK_INTERVAL_MS = 1000
/** … and with more tasks than this with the dev measure only: each event names them all. */
const MANY_TASKS = 50

/** Turns the steps of one network into events: means since the last one, at a rate that a page can draw. */
export function trainingTrace(options: {
  readonly run: string
  readonly system: string
  readonly steps: number
  /** Number of tasks that are trained. */
  readonly tasks: number
  readonly now: () => Date
  emit(event: JobEvent): void
}) {
  const { run, system, steps, tasks, emit } = options
  let losses: number[] = []
  let norms: number[] = []
  let taskLosses = new Map<string, { sum: number; count: number }>()
  let lastStep = 0
  let curveAt = 0
  let tasksAt = 0
  const now = () => options.now().getTime()

  function sendCurves(at: number): void {
    if (losses.length === 0) return
    const common = { at, run, arm: system, step: lastStep }
    emit({ type: 'loss', ...common, steps, loss: mean(losses) })
    emit({ type: 'norm', ...common, mean: mean(norms), most: Math.max(...norms) })
    losses = []
    norms = []
    curveAt = at
  }

  function sendTasks(at: number): void {
    if (taskLosses.size === 0) return
    const means = [...taskLosses].map(([task, { sum, count }]) => [task, sum / count] as const)
    emit({ type: 'task-loss', at, run, arm: system, step: lastStep, losses: Object.fromEntries(means) })
    taskLosses = new Map()
    tasksAt = at
  }

  return {
    step(step: number, report: StepReport): void {
      lastStep = step
      losses.push(report.loss)
      norms.push(report.norm)
      for (const { task, loss } of report.taskLosses) {
        const known = taskLosses.get(task) ?? { sum: 0, count: 0 }
        taskLosses.set(task, { sum: known.sum + loss, count: known.count + 1 })
      }
      const at = now()
      if (at - curveAt >= CURVE_INTERVAL_MS || step === steps) sendCurves(at)
      if (tasks <= MANY_TASKS && at - tasksAt >= TASK_INTERVAL_MS) sendTasks(at)
    },
    dev(step: number, measure: string, value: number): void {
      const at = now()
      if (tasks > MANY_TASKS) sendTasks(at)
      emit({ type: 'dev', at, run, arm: system, step, measure, value })
    },
    health(step: number, health: Health): void {
      emit({ type: 'health', at: now(), run, arm: system, step, ...health })
    },
    /** Sends what has gathered since the last events. */
    flush(): void {
      const at = now()
      sendCurves(at)
      sendTasks(at)
    },
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
