/** What a run may hand out for a card. Apart from the schemas: the window reads it too. */
export const HANDED_HEADS = ['frozen', 'card as text', 'exemplar shift', 'no card', 'task card'] as const

/** What a person may ask for: what the rule chose, or one of the heads as it is. */
export const HAND_OUT_CHOICES = ['rule', ...HANDED_HEADS] as const
export type HandOutChoice = (typeof HAND_OUT_CHOICES)[number]
