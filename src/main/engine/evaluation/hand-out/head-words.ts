import type { HandedHead, HandOutDecision } from '../../../../shared/schemas/runs/hand-out'

const NAMES: Readonly<Record<HandedHead['head'], string>> = {
  frozen: 'the frozen encoder',
  'card as text': 'card as text',
  'exemplar shift': 'exemplar shift',
  'no card': 'the shared head without card',
  'task card': 'the task card',
}

/** `the task card at g = .5`: as tables and sentences name a head that is handed out. */
export function headWords({ head, strength, setting }: HandedHead): string {
  const part = strength === 1 ? '' : ` at g = ${String(strength).replace(/^0/, '')}`
  return `${NAMES[head]}${part}${setting ? ` (${setting})` : ''}`
}

/** `BM25 at a share of .3`: what stands beside the head. */
export function shareWords({ share }: { readonly share: number }): string {
  return share === 0 ? 'no BM25' : `BM25 at a share of ${String(share).replace(/^0/, '')}`
}

/** Which tasks decided together. */
export function taskWords({ cards }: Pick<HandOutDecision, 'cards'>): string {
  return cards === 'seen' ? 'trained tasks' : 'tasks that were left out of training for it'
}
