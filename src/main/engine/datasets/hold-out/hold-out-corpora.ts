import { type RandomStream, randomStream, shuffled } from '../../numeric/random'
import type { Task } from '../collection'
import { familyOf } from '../family-of'
import type { Held } from './hold-out-combinations'

/** Rules under which nothing of a held-out corpus is trained, neither its documents nor its queries. */
const WHOLE = ['corpora', 'families'] as const
export type WholeHoldOut = (typeof WHOLE)[number]

export function holdsWhole(mode: string): mode is WholeHoldOut {
  return (WHOLE as readonly string[]).includes(mode)
}

/**
 * Holds out whole corpora, of each family the share, rounded down, in random order; or whole families, so many of them. An
 * ordinary collection is a family of one, so a share of corpora never holds it out; but whoever asks for unseen ones gets one.
 * Of tasks held out by name the rest of their corpora, or families, is dropped.
 */
export function drawWhole(
  tasks: readonly Task[],
  wanted: number | ReadonlySet<number>,
  seed: number,
  mode: WholeHoldOut,
): Held {
  const unitOf = mode === 'corpora' ? corpusOf : familyOfTask
  if (typeof wanted !== 'number') {
    const held = new Set([...wanted].map((place) => unitOf(tasks[place])))
    const rest = tasks.flatMap((task, place) => (held.has(unitOf(task)) && !wanted.has(place) ? [place] : []))
    return { unseen: wanted, dropped: new Set(rest) }
  }
  const strata = mode === 'corpora' ? [...groups(tasks, familyOfTask)] : [['all', tasks] as const]
  const drawn = strata.flatMap(([family, members]) => {
    const random = randomStream(seed, `hold-out ${mode} of ${family}`)
    return drawShare([...groups(members, unitOf).keys()], wanted, random)
  })
  const all = [...groups(tasks, unitOf).keys()]
  const held = new Set(
    drawn.length > 0 ? drawn : shuffled(all, randomStream(seed, `hold-out ${mode}`)).slice(0, 1),
  )
  return {
    unseen: new Set(tasks.flatMap((task, place) => (held.has(unitOf(task)) ? [place] : []))),
    dropped: new Set(),
  }
}

/** Tasks by what such a rule holds out whole, in their order. */
export function wholeUnits(tasks: readonly Task[], mode: WholeHoldOut): Task[][] {
  return [...groups(tasks, mode === 'corpora' ? corpusOf : familyOfTask).values()]
}

const corpusOf = ({ collection }: Task) => collection.id
const familyOfTask = ({ collection }: Task) => familyOf(collection)

function groups(tasks: readonly Task[], keyOf: (task: Task) => string): Map<string, Task[]> {
  const groups = new Map<string, Task[]>()
  for (const task of tasks) groups.set(keyOf(task), [...(groups.get(keyOf(task)) ?? []), task])
  return groups
}

/** The order in which the ids are named is nobody's draw. */
function drawShare(ids: readonly string[], share: number, random: RandomStream): string[] {
  const count = Math.floor(share * ids.length + 1e-9)
  return shuffled(ids.toSorted(), random).slice(0, count)
}
