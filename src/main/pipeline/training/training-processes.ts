import { availableParallelism } from 'node:os'
import type { Recipe } from '../../../shared/schemas/run'
import { taskQueue } from './task-queue'

/** Networks trained at once, one a core: more would only take each other’s caches. */
const TRAINING_PROCESSES = 2
/** Together they are done sooner than a last one that leaves a core idle: a seventh sooner for the three families on two cores. */
const ONE_MORE = TRAINING_PROCESSES + 1
/** Up to here a second process takes longer to load what trains than it would then train. */
const FEW_STEPS = 10
const MOST_THREADS = 4

/** How many of a run's networks train at once. */
export function trainingProcesses({ steps }: Pick<Recipe, 'steps'>, networks: number): number {
  if (steps <= FEW_STEPS) return 1
  return networks === ONE_MORE ? ONE_MORE : TRAINING_PROCESSES
}

/**
 * Of each of some networks that train at once, as many as a run usually has unless said: more than four gain little in the product
 * with a few thousand candidates.
 */
export function trainingThreads(processes = TRAINING_PROCESSES): number {
  return Math.max(1, Math.min(MOST_THREADS, Math.floor(availableParallelism() / processes)))
}

export interface TrainingQueue {
  /** Networks trained at once. */
  readonly processes: number
  readonly next: ReturnType<typeof taskQueue>
}

export function trainingQueue(processes = TRAINING_PROCESSES): TrainingQueue {
  return { processes, next: taskQueue(processes) }
}
