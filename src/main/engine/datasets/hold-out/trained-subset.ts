import { HydraError } from '../../../../shared/errors'
import type { HoldOut } from '../../../../shared/schemas/run'
import { randomStream, shuffled } from '../../numeric/random'
import type { Task } from '../collection'
import { holdsWhole, wholeUnits } from './hold-out-corpora'

/**
 * So many of the tasks that could be trained, or of their corpora where whole ones are held out. One random order of them is cut
 * off, so a smaller subset lies within every larger one of the same seed: points of one curve differ in what was added. Throws
 * USAGE where there are not so many.
 */
export function trainedSubset(
  tasks: readonly Task[],
  { count, mode, seed }: { readonly count: number; readonly mode: HoldOut; readonly seed: number },
): Task[] {
  const whole = holdsWhole(mode)
  const units = whole ? wholeUnits(tasks, 'corpora') : tasks.map((task) => [task])
  if (count > units.length) {
    const noun = whole ? 'corpora' : 'tasks'
    throw new HydraError('USAGE', {
      expected: `at most ${units.length.toLocaleString('en')} trained ${noun}, which are all that split seed ${seed} leaves`,
      got: count.toLocaleString('en'),
      remedy: 'Ask for fewer, or for all.',
    })
  }
  // The order in which tasks are named is nobody's draw.
  const named = units.toSorted(([a], [b]) => (a.id < b.id ? -1 : 1))
  const drawn = new Set(shuffled(named, randomStream(seed, 'trained subset')).slice(0, count).flat())
  return tasks.filter((task) => drawn.has(task))
}
