import type { CardExperts } from '../../../../shared/schemas/card-experts'

/** How much of a card's head its experts make, in [0, 1]; the rest is the frozen encoder. Without experts all of it. */
export function expertFit(experts: CardExperts | null): number {
  return experts
    ? Math.min(
        1,
        experts.experts.reduce((sum, { share }) => sum + share, 0),
      )
    : 1
}
