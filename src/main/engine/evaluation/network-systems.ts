import type { Cards } from '../../../shared/ladder'
import { type CardMeans, type CardVectors, constantCard } from '../hypernet/card-vectors'
import type { Hypernetwork } from '../hypernet/hypernetwork'
import type { EncodedTask } from '../preferences/encoded-collection'
import type { ShownCard } from './shown-card'
import type { TransformSystem } from './system'

/** Rows whose weights were trained. */
export const NETWORK_SYSTEMS = ['bias only', 'static', 'no card', 'task id', 'task card'] as const
export type NetworkSystem = (typeof NETWORK_SYSTEMS)[number]

/** The network of a row for a task; a row or task without one is absent from the ladder. */
export type NetworkSystems = Readonly<
  Partial<Record<NetworkSystem, (task: EncodedTask) => Hypernetwork | undefined>>
>

/** Rows that know trained tasks only: a head of its own, a number of its own. */
const SEEN_ONLY: readonly NetworkSystem[] = ['static', 'task id']

/**
 * Above this many tasks a wrong card is one other card each, by a fixed derangement; up to it every other card in turn
 * (docs/method.md#controls).
 */
const MOST_WRONG_CARDS = 20

export function networkSystems(
  options: { readonly networks: NetworkSystems; readonly networkMean: Float32Array },
  group: {
    readonly cards: Cards
    readonly tasks: readonly EncodedTask[]
    readonly shown: ReadonlyMap<EncodedTask, ShownCard>
  },
): TransformSystem[] {
  const { cards, tasks, shown } = group
  const systems: TransformSystem[] = []
  const system = (
    name: string,
    row: NetworkSystem,
    card: (task: EncodedTask, means: CardMeans) => CardVectors,
  ) => {
    const network = options.networks[row]
    if (!network || !tasks.every(network)) return
    systems.push({
      name,
      transform(task, _card, queries) {
        const means = cardCentre(task, options.networkMean)
        return network(task)!.transform(card(task, means), means, queries)
      },
      documentHead(task) {
        const means = cardCentre(task, options.networkMean)
        return network(task)!.compileDocuments(card(task, means), means)
      },
    })
  }
  for (const row of NETWORK_SYSTEMS) {
    if (cards !== 'seen' && SEEN_ONLY.includes(row)) continue
    if (row === 'task card' || row === 'bias only') system(row, row, (task) => shown.get(task)!.vectors)
    else if (row === 'task id')
      system(row, row, (task, means) => ({ ...constantCard(means), id: task.task.id }))
    else system(row, row, (_task, means) => constantCard(means))
  }
  const count = tasks.length
  const shifts =
    count > MOST_WRONG_CARDS
      ? [Math.floor(count / 2)]
      : Array.from({ length: Math.max(0, count - 1) }, (_, i) => i + 1)
  const place = new Map(tasks.map((task, i) => [task, i]))
  for (const shift of shifts) {
    system('wrong card', 'task card', (task) => shown.get(tasks[(place.get(task)! + shift) % count])!.vectors)
  }
  return systems
}

/** What a network's cards are centred on. @param description [d] */
export function cardCentre({ encoded }: EncodedTask, description: Float32Array): CardMeans {
  return { description, ...encoded.centre }
}
