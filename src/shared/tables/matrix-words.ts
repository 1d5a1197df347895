import { pWords, signed } from '../figure-words'
import { isShown, NO_DIFFERENCE } from '../is-shown'
import type { TaskMatrix } from '../schemas/tables/task-matrix'
import { unitWords } from '../unit'

/** What the diagonal of a matrix says, in words: a task's own card beside the mean of all others. */
export function marginWords({ margin, tasks }: Pick<TaskMatrix, 'margin' | 'tasks'>): string {
  const { delta, low, high, p, unit, n } = margin
  const over = unitWords({ unit, n, tasks: tasks.length })
  const interval = `${signed(delta)}, 95 % interval ${over} [${signed(low)}, ${signed(high)}], ${pWords(p)}`
  if (!isShown(margin))
    return `A task's own card beside the mean of the others: ${NO_DIFFERENCE} (${interval}).`
  return `A task's own card is ${delta > 0 ? 'better' : 'worse'} than the mean of the others by ${interval}.`
}

/** On how many tasks no other card scores above the own one, and on how many the own one is above frozen. */
export function shareOfOwn(tasks: TaskMatrix['tasks']): string {
  const best = tasks.filter(({ scores }, own) => scores.every((score) => score <= scores[own])).length
  const above = tasks.filter(({ scores, frozen }, own) => scores[own] > frozen).length
  return `No card does better than the own one on ${best} of ${tasks.length} tasks; it is above frozen on ${above}.`
}
