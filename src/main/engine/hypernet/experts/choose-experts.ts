import { type CardCosines, type Likeness, likenessTo } from './card-likeness'
import { type Gate, openGate } from './gate'

/** What one expert has to do with a card. */
export interface ExpertChoice {
  readonly likeness: Likeness
  /** In [0, 1]; one below `least` is shut. */
  readonly gate: number
  /** gate / max(1, sum of all gates): the weight of its map and shift in the head. */
  readonly share: number
}

/**
 * How much of each expert a card gets. Shares add up to at most 1: where no gate opens, all are 0 and the head is the frozen
 * encoder, exactly.
 * @param members of each expert  @param gates of each expert
 */
export function chooseExperts(
  cosines: CardCosines,
  members: readonly (readonly number[])[],
  gates: readonly Gate[],
  least: number,
): ExpertChoice[] {
  const opened = members.map((own, expert) => {
    const likeness = likenessTo(cosines, own)
    const gate = openGate(gates[expert], likeness)
    return { likeness, gate: gate < least ? 0 : gate }
  })
  const whole = Math.max(
    1,
    opened.reduce((sum, { gate }) => sum + gate, 0),
  )
  return opened.map((choice) => ({ ...choice, share: choice.gate / whole }))
}
