import { availableParallelism, freemem } from 'node:os'

/** A training takes so many cores: it trains two networks at once. */
const CORES_OF_A_RUN = 2
/** Of the memory that is free at the start; the rest is for what is not foreseen. */
const SHARE_OF_MEMORY = 0.8

export interface Machine {
  readonly cores: number
  /** That is free, bytes. */
  readonly memoryBytes: number
}

export function thisMachine(): Machine {
  // A container may have less than the machine; without a limit the answer is none, or beyond all memory there is.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY
  return { cores: availableParallelism(), memoryBytes: Math.min(freemem(), limit) }
}

/** How many runs at once keep the cores busy. */
export function usualWorkers({ cores }: Pick<Machine, 'cores'>): number {
  return Math.max(1, Math.floor(cores / CORES_OF_A_RUN))
}

/**
 * Whether the memory holds these runs together. One whose memory nobody has measured runs alone.
 * @param memory of each, bytes; null: not measured yet
 */
export function fits(
  memory: readonly (number | null)[],
  { memoryBytes }: Pick<Machine, 'memoryBytes'>,
): boolean {
  if (memory.length < 2) return true
  const sum = memory.reduce<number>((total, one) => total + (one ?? Number.POSITIVE_INFINITY), 0)
  return sum <= SHARE_OF_MEMORY * memoryBytes
}
