import { type RandomStream, shuffled } from '../../numeric/random'

/** Whole groups of tasks in random order until the target is reached; one that would exceed it is passed over. */
export function drawGroups(
  groups: readonly (readonly number[])[],
  target: number,
  random: RandomStream,
): Set<number> {
  const drawn = new Set<number>()
  if (target <= 0) return drawn
  // Of a handful of tasks a share may be less than one; who asks for unseen cards gets one.
  const limit = Math.max(1, target)
  for (const group of shuffled(groups, random)) {
    if (drawn.size + group.length <= limit) for (const task of group) drawn.add(task)
    if (drawn.size + 1 > limit) break
  }
  return drawn
}
