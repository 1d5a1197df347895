import type { CardMeans } from '../hypernet/card-vectors'
import type { EncodedTask } from '../preferences/encoded-collection'
import type { ShownCard } from './shown-card'
import type { ShiftSystem } from './system'
import { meanOverTasks, type SystemScores } from './system-scores'

/** λ is one of these, chosen once per number of examples on the dev queries of seen tasks (docs/method.md#controls). */
const LAMBDAS = [0.5, 1, 2, 3, 4, 6] as const

/** A control that learns nothing: it moves every query by λ times a direction read off the card. */
interface Direction {
  readonly row: 'card as text' | 'exemplar shift'
  readonly words: string
  /** Adds the direction [d] into `out`. */
  add(card: DirectedCard, means: CardMeans, out: Float64Array): void
}

/** What of a card a direction is read off. */
type DirectedCard = Pick<ShownCard, 'vectors' | 'nearest'>

const text = (weight: number) => (card: DirectedCard, means: CardMeans, out: Float64Array) => {
  for (let i = 0; i < out.length; i++) out[i] += weight * (card.vectors.description[i] - means.description[i])
}
const documents = (card: DirectedCard, means: CardMeans, out: Float64Array) => {
  for (let i = 0; i < out.length; i++) out[i] += card.vectors.documents[i] - means.documents[i]
}
const awayFromQueries = (card: DirectedCard, means: CardMeans, out: Float64Array) => {
  for (let i = 0; i < out.length; i++) out[i] -= 0.25 * (card.vectors.queries[i] - means.queries[i])
}

const nearest = (card: DirectedCard, means: CardMeans, out: Float64Array) => {
  for (let i = 0; i < out.length; i++) out[i] += card.nearest[i] - means.documents[i]
}

const DIRECTIONS: readonly Direction[] = [
  { row: 'card as text', words: 'e(description) − mean', add: text(1) },
  // What the network gets for a description alone, the control must have too.
  { row: 'card as text', words: 'nearest documents − μ', add: nearest },
  {
    row: 'card as text',
    words: 'e(description) − mean + nearest documents − μ',
    add(card, means, out) {
      text(1)(card, means, out)
      nearest(card, means, out)
    },
  },
  { row: 'exemplar shift', words: 'mean documents − μ', add: documents },
  {
    row: 'exemplar shift',
    words: 'mean documents − μ + .2 description',
    add(card, means, out) {
      documents(card, means, out)
      text(0.2)(card, means, out)
    },
  },
  {
    row: 'exemplar shift',
    words: 'mean documents − μ − .25 queries',
    add(card, means, out) {
      documents(card, means, out)
      awayFromQueries(card, means, out)
    },
  },
  {
    // The examples are pairs, so this is their mean difference: on corpora that nobody trained the strong one.
    row: 'exemplar shift',
    words: 'mean documents − mean queries',
    add({ vectors }, _means, out) {
      for (let i = 0; i < out.length; i++) out[i] += vectors.documents[i] - vectors.queries[i]
    },
  },
]

export interface ControlSystem extends ShiftSystem {
  readonly row: 'card as text' | 'exemplar shift'
  /** How it was set, in words: direction and λ. */
  readonly chosen: string
}

/** What the controls move away from: the corpus's own means. @param description [d] */
export function corpusMeans({ encoded }: EncodedTask, description: Float32Array): CardMeans {
  return { description, queries: encoded.queryMean, documents: encoded.documentMean }
}

/** Every setting of the controls that makes sense for this number of examples. */
export function controlGrid(examples: number, meansOf: (task: EncodedTask) => CardMeans): ControlSystem[] {
  return DIRECTIONS.filter(({ row }) => row === 'card as text' || examples > 0).flatMap((direction) =>
    LAMBDAS.map((lambda) => ({
      name: `${direction.row}: λ = ${lambda}, ${direction.words}`,
      row: direction.row,
      chosen: settingOf(direction, lambda),
      shift: (task: EncodedTask, card: ShownCard) => scaled(direction, lambda, card, meansOf(task)),
    })),
  )
}

function settingOf({ words }: Direction, lambda: number): string {
  return `λ = ${lambda}, ${words}`
}

/** [d] by which a control moves queries, by the words of its setting; null where no control is set so. */
export function controlShift(
  control: { readonly head: string; readonly setting?: string },
  card: DirectedCard,
  means: CardMeans,
): Float32Array | null {
  for (const direction of DIRECTIONS)
    for (const lambda of LAMBDAS)
      if (direction.row === control.head && settingOf(direction, lambda) === control.setting)
        return scaled(direction, lambda, card, means)
  return null
}

/** [d] λ times the direction */
function scaled(direction: Direction, lambda: number, card: DirectedCard, means: CardMeans): Float32Array {
  const vector = new Float64Array(means.documents.length)
  direction.add(card, means, vector)
  return Float32Array.from(vector, (value) => lambda * value)
}

/** The setting of each control that is best on dev, by mean nDCG@10 over the tasks. */
export function bestControls(
  grid: readonly ControlSystem[],
  dev: readonly SystemScores[],
  measure: string,
): ControlSystem[] {
  const best = new Map<string, { system: ControlSystem; value: number }>()
  for (let i = 0; i < grid.length; i++) {
    const value = meanOverTasks(dev[i], measure)
    const kept = best.get(grid[i].row)
    if (!kept || value > kept.value) best.set(grid[i].row, { system: grid[i], value })
  }
  return [...best.values()].map(({ system }) => ({ ...system, name: system.row }))
}

export const frozenSystem: ShiftSystem = { name: 'frozen', shift: () => null }
