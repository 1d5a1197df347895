import type { HandedHead, HandOutDecision } from '../../../../shared/schemas/runs/hand-out'
import { blendRows, isBlendable } from '../../hypernet/blended-head'
import { constantCard } from '../../hypernet/card-vectors'
import type { AffineHead } from '../../hypernet/head'
import type { EncodedTask } from '../../preferences/encoded-collection'
import { type ControlSystem, frozenSystem } from '../controls'
import { cardCentre, type NetworkSystems } from '../network-systems'
import type { ShownCard } from '../shown-card'
import type { ShiftSystem, TransformSystem } from '../system'

/** Parts of a trained head that are tried; 0 is the frozen encoder. */
const STRENGTHS = [0.25, 0.5, 0.75, 1] as const

/** A head that may be handed out, and how it ranks. */
export interface CandidateSystem {
  readonly head: HandedHead
  readonly system: ShiftSystem | TransformSystem
}

/**
 * All that may be handed out for these tasks, the frozen encoder first; what comes earlier is the simpler one. Of a network with
 * experts unseen cards get no head without a card: it would be judged on tasks of trained kinds alone, and then be handed to cards
 * of any other kind, which a gate keeps from harm.
 */
export function candidateSystems(options: {
  readonly cards: HandOutDecision['cards']
  readonly tasks: readonly EncodedTask[]
  readonly shown: ReadonlyMap<EncodedTask, ShownCard>
  readonly controls: readonly ControlSystem[]
  readonly networks: NetworkSystems
  readonly networkMean: Float32Array
}): CandidateSystem[] {
  const { tasks, shown, controls, networks, networkMean } = options
  const heads: CandidateSystem[] = [
    { head: { head: 'frozen', strength: 1 }, system: frozenSystem },
    ...controls.map((system) => ({
      head: { head: system.row, strength: 1, setting: system.chosen },
      system,
    })),
  ]
  for (const row of ['no card', 'task card'] as const) {
    const find = networks[row]
    if (!find || tasks.length === 0 || !tasks.every(find)) continue
    if (
      row === 'no card' &&
      options.cards === 'unseen' &&
      networks['task card']?.(tasks[0])?.description.experts
    )
      continue
    const looked = (task: EncodedTask, card: ShownCard) => {
      const means = cardCentre(task, networkMean)
      return [row === 'no card' ? constantCard(means) : card.vectors, means] as const
    }
    const folded = new Map<EncodedTask, AffineHead>()
    const fold = (task: EncodedTask, card: ShownCard) => {
      const head = folded.get(task) ?? find(task)!.compile(...looked(task, card))
      folded.set(task, head)
      return head
    }
    const [first] = tasks
    const whole = find(first)!.description.side === 'query' && isBlendable(fold(first, shown.get(first)!))
    for (const strength of whole ? STRENGTHS : [1]) {
      heads.push({
        head: { head: row, strength },
        system: {
          name: `${row}: g = ${strength}`,
          transform: (task, card, queries) =>
            strength === 1
              ? find(task)!.transform(...looked(task, card), queries)
              : blendRows(fold(task, card), strength, queries),
          documentHead: (task, card) => find(task)!.compileDocuments(...looked(task, card)),
        },
      })
    }
  }
  return heads
}
