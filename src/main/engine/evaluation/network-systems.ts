import { toldExperts } from '../../../shared/expert-words'
import type { Cards } from '../../../shared/ladder'
import type { CardExperts } from '../../../shared/schemas/card-experts'
import { familyOf } from '../datasets/family-of'
import { type CardMeans, type CardVectors, constantCard } from '../hypernet/card-vectors'
import type { Hypernetwork } from '../hypernet/hypernetwork'
import type { EncodedTask } from '../preferences/encoded-collection'
import type { ShownCard } from './shown-card'
import type { TransformSystem } from './system'

/** Rows whose weights were trained. */
export const NETWORK_SYSTEMS = [
  'bias only',
  'static',
  'no card',
  'pooled card',
  'task id',
  'task card',
] as const
export type NetworkSystem = (typeof NETWORK_SYSTEMS)[number]

/** The network of a row for a task; a row or task without one is absent from the ladder. */
export type NetworkSystems = Readonly<
  Partial<Record<NetworkSystem, (task: EncodedTask) => Hypernetwork | undefined>>
>

/** Rows that know trained tasks only: a head of its own, a number of its own. */
const SEEN_ONLY: readonly NetworkSystem[] = ['static', 'task id']
/** Rows whose network is shown the task's own card. */
const SHOWN: readonly NetworkSystem[] = ['task card', 'pooled card', 'bias only']

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
    if (SHOWN.includes(row)) system(row, row, (task) => shown.get(task)!.vectors)
    else if (row === 'task id')
      system(row, row, (task, means) => ({ ...constantCard(means), id: task.task.id }))
    else system(row, row, (_task, means) => constantCard(means))
  }
  for (const { name, expert } of expertControls(options.networks['task card'], tasks)) {
    system(name, 'task card', (task, means) => {
      const card = shown.get(task)!.vectors
      return { ...card, expert: expert(task, card, means) }
    })
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

/** Which experts make the head of each task's own card, by task id: those with a share, or the one that came closest; null without experts. */
export function expertsOfTasks(
  options: { readonly networks: NetworkSystems; readonly networkMean: Float32Array },
  shown: ReadonlyMap<EncodedTask, ShownCard>,
): ReadonlyMap<string, CardExperts> | null {
  const found = new Map<string, CardExperts>()
  for (const [task, { vectors }] of shown) {
    const network = options.networks['task card']?.(task)
    if (!network?.description.experts) return null
    const made = network.experts(vectors, cardCentre(task, options.networkMean))!
    found.set(task.task.id, { ...made, experts: toldExperts(made) })
  }
  return found
}

/** A row in which one expert makes the whole head. */
interface ExpertControl {
  readonly name: string
  expert(task: EncodedTask, card: CardVectors, means: CardMeans): string
}

/**
 * What a network of experts is held against: the expert of the task's own family, which nobody knows of a new one, where every
 * task has such an expert; and that of the nearest trained card alone.
 */
function expertControls(
  network: NetworkSystems['task card'],
  tasks: readonly EncodedTask[],
): ExpertControl[] {
  const plan = tasks.length > 0 ? network?.(tasks[0])?.description.experts : undefined
  if (!network || !plan) return []
  const family = ({ encoded }: EncodedTask) => familyOf(encoded.collection)
  const controls: ExpertControl[] = [
    {
      name: 'nearest expert',
      expert(task, card, means) {
        const { experts, description } = network(task)!
        const nearest = experts(card, means)!.nearest!.task
        return plan.names[plan.of[description.tasks.indexOf(nearest)]]
      },
    },
  ]
  return tasks.every((task) => plan.names.includes(family(task)))
    ? [{ name: 'own family', expert: family }, ...controls]
    : controls
}

/** What a network's cards are centred on. @param description [d] */
export function cardCentre({ encoded }: EncodedTask, description: Float32Array): CardMeans {
  return { description, ...encoded.centre }
}
