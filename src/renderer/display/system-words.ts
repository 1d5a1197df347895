import type { PlaygroundSystem } from '../../shared/schemas/playground'
import { rowColor } from './row-color'

/** How a ranking of the playground is called, defined and coloured: as its row of the ladder. */
export const SYSTEM_WORDS: Record<PlaygroundSystem, { title: string; define: string; color: string }> = {
  frozen: { title: 'Frozen', define: 'frozen', color: rowColor('frozen') },
  'no card': { title: 'No card', define: 'no card', color: rowColor('no card') },
  'this card': { title: 'This card', define: 'task card', color: rowColor('task card') },
  'another card': { title: 'Another card', define: 'another card', color: rowColor('wrong card') },
  BM25: { title: 'BM25', define: 'BM25', color: rowColor('BM25') },
  fused: { title: 'Fused', define: 'fused', color: rowColor('static') },
}
