import { RUN_TOKENS, type TokenName } from './read-tokens'

/** Slot of each run, by id. */
export type RunSlots = Readonly<Record<string, number>>

/** Runs without a slot get the one that the fewest have, in their order; whoever has one keeps it. */
export function withSlots(known: RunSlots, runs: readonly string[]): RunSlots {
  const slots: Record<string, number> = { ...known }
  for (const run of runs) {
    if (Object.hasOwn(slots, run)) continue
    const uses = RUN_TOKENS.map((_, slot) => Object.values(slots).filter((one) => one === slot).length)
    slots[run] = uses.indexOf(Math.min(...uses))
  }
  return slots
}

export interface RunStyle {
  readonly token: TokenName
  /** Another run in view has the same colour. */
  readonly dashed: boolean
}

export function runStyles(slots: RunSlots, runs: readonly string[]): RunStyle[] {
  return runs.map((run, at) => ({
    token: RUN_TOKENS[slots[run] ?? 0],
    dashed: runs.slice(0, at).some((earlier) => slots[earlier] === slots[run]),
  }))
}
