import type { PlaygroundSystem } from '../../shared/schemas/playground'
import type { Term } from './definitions'
import { rowColor } from './row-color'

export interface SystemWords {
  readonly title: string
  readonly define: Term
  /** What its scores are. */
  readonly score: Term
  readonly color: string
}

/** How a ranking of the playground is called, defined and coloured: as its row of the ladder. */
export const SYSTEM_WORDS: Readonly<Record<PlaygroundSystem, SystemWords>> = {
  frozen: { title: 'Frozen', define: 'frozen', score: 'cosine', color: rowColor('frozen') },
  'no card': { title: 'No card', define: 'no card', score: 'cosine', color: rowColor('no card') },
  'this card': { title: 'This card', define: 'task card', score: 'card score', color: rowColor('task card') },
  'another card': {
    title: 'Another card',
    define: 'another card',
    score: 'cosine',
    color: rowColor('wrong card'),
  },
  BM25: { title: 'BM25', define: 'BM25', score: 'BM25 score', color: rowColor('BM25') },
  fused: { title: 'Fused', define: 'fused', score: 'fused score', color: rowColor('static') },
}
