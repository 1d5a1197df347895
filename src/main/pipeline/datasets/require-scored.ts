import { HydraError } from '../../../shared/errors'
import type { Recipe } from '../../../shared/schemas/run'
import type { Task } from '../../engine/datasets/collection'
import { isCounted } from '../../engine/protocol/tested'

/**
 * Refuses tasks of which none has a query that counts on the split, before anything is written, trained or encoded: nothing is handed
 * out that could not be judged.
 * @param asking what asks in training: where queries were made, that they judge nothing is said
 * @returns a note for the tasks that will have no score beside others that do
 * @throws TASK_UNUSABLE
 */
export function requireScored(
  tasks: readonly Task[],
  split: 'test' | 'dev',
  asking: Recipe['queries'] = 'judged',
): string[] {
  const bare = tasks.filter((task) => !hasQueries(task, split)).map(({ id }) => id)
  if (bare.length === 0) return []
  const named = `${bare.slice(0, 3).join(', ')}${bare.length > 3 ? ` and ${bare.length - 3} more` : ''}`
  if (bare.length < tasks.length) return [`No ${split} query of ${named} has a relevant document: no score.`]
  const other = split === 'test' && tasks.some((task) => hasQueries(task, 'dev'))
  const added = `Add judgments that nothing is trained or chosen on as qrels/${split}.tsv and import again`
  throw new HydraError('TASK_UNUSABLE', {
    expected: `at least one ${split} query with a relevant document${asking === 'judged' ? '' : `, asked by a person: ${asking} queries are trained on and judge nothing`}`,
    got: `none in ${named}`,
    remedy: other
      ? `${added}; where it has no train split, import it again with its judged queries hashed into three; or score the frozen encoder on dev queries.`
      : `${added}.`,
    ...(other
      ? { command: `hydra evaluate --frozen --tasks ${bare.slice(0, 3).join(',')} --split dev` }
      : {}),
  })
}

function hasQueries(task: Task, split: 'test' | 'dev'): boolean {
  return task[split].queries.some((_, at) => isCounted(task[split], at))
}
