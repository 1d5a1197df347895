/** Candidates of a step that meet its queries at once, on a device. */
export interface CandidateBlocks {
  /** At most so many at once. */
  size(): number
  /** Told by whoever takes so many at once: less than these is less memory. */
  used(candidates: number): void
  /** Half as many from now on. @returns false where that would be too few to be worth a try */
  halve(): boolean
}

const FEWEST = 8

/** @param size to begin with */
export function candidateBlocks(size: number): CandidateBlocks {
  let most = size
  let taken = 0
  return {
    size: () => most,
    used(candidates) {
      taken = Math.max(taken, candidates)
    },
    halve() {
      // Where the limit is far above what steps ask for, half of it would be no less.
      const half = Math.ceil(Math.min(most, Math.max(taken, FEWEST)) / 2)
      if (half < FEWEST) return false
      most = half
      taken = 0
      return true
    },
  }
}
