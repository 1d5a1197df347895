/** The measures that every table shows, by the names used in files and on screen. */
export const HEADLINE_MEASURES = ['nDCG@10', 'MRR@10', 'Recall@100'] as const

/**
 * Which cards a table is about. Unseen ones that are put together from a relation and a category are told apart by what was
 * never trained: the two together, or one of them.
 */
export const CARD_GROUPS = [
  'unseen-combination',
  'unseen-category',
  'unseen-relation',
  'unseen',
  'seen',
] as const
export type Cards = (typeof CARD_GROUPS)[number]

/** The ladder's rows, in the order in which they are shown; the colour of a row is its place here. */
export const SYSTEMS = [
  'frozen',
  'card as text',
  'exemplar shift',
  'BM25',
  'bias only',
  'static',
  'no card',
  'pooled card',
  'task id',
  'task card',
  'own family',
  'nearest expert',
  'handed out',
  'wrong card',
  'few-shot',
  'teacher',
] as const
export type LadderSystem = (typeof SYSTEMS)[number]

/** Rows that need no network that reads cards: the best of them is what the task card must beat. */
export const CONTROLS: readonly LadderSystem[] = [
  'frozen',
  'card as text',
  'exemplar shift',
  'no card',
  'few-shot',
]
