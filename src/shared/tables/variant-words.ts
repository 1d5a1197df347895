/** What is asked of a card: which part of it matters, or whether another way to say it does. */
export const VARIANT_SETS = ['attribution', 'robustness'] as const
export type VariantSet = (typeof VARIANT_SETS)[number]

/** Parts that an attribution leaves out. */
export const CARD_PARTS = {
  description: 'description',
  domain: 'domain',
  queryType: 'query type',
  corpus: 'corpus',
  examples: 'all examples',
  /** The mean over all of its examples, each left out alone. */
  example: 'one example',
} as const
