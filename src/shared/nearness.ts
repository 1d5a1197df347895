/**
 * How near the nearest trained card is to an unseen one: one of the two has more than half of its documents inside the other;
 * they share any document; no trained card has a document of it.
 */
export const NEARNESS = ['nested', 'overlapping', 'apart'] as const
export type Nearness = (typeof NEARNESS)[number]
