import type { ClusteredLead } from '../../../../shared/schemas/verdict'
import type { Task } from '../../datasets/collection'
import { isNested, taskClusters } from '../../datasets/document-sets'
import { FEW_TASKS, inferencesOf, type Sampling } from '../../statistics/inference'
import { taskDifferences } from '../differences'
import type { SystemScores } from '../system-scores'

/**
 * The cluster of each task, by id: tasks of which more than half of the one's documents are the other's are linked, so that a
 * category goes with whatever is nested in it.
 */
export function nestedClusters(tasks: readonly Task[]): Map<string, number> {
  return taskClusters(tasks, { linked: isNested })
}

/**
 * A table's lead with intervals over clusters of nested tasks, beside those over its own unit, where these are others: whole
 * clusters are drawn (docs/method.md#the-unit-of-inference). Fewer than ten of them are no sample, and then there is no interval.
 */
export function clusteredLead(options: {
  readonly card: SystemScores
  readonly control: (measure: string) => SystemScores | undefined
  readonly measures: readonly string[]
  /** The table's own unit. */
  readonly sampling: Sampling
  /** By task id. */
  readonly clusters: ReadonlyMap<string, number>
  readonly seed: number
}): Omit<ClusteredLead, 'cards' | 'examples'> | null {
  const { card, control, measures, sampling, clusters: byTask, seed } = options
  if (sampling.unit !== 'tasks' && sampling.unit !== 'clusters of tasks') return null
  const clusters = card.tasks.map(({ task }) => byTask.get(task.task.id)!)
  const n = new Set(clusters).size
  if (n === sampling.n) return null
  const led = measures.flatMap((measure) => {
    const other = control(measure)
    return other && n >= FEW_TASKS ? [{ measure, other }] : []
  })
  const columns = led.map(({ measure, other }) => taskDifferences(card, other, measure))
  const nested: Sampling = { unit: 'clusters of tasks', clusters, n }
  const inferences = columns.length > 0 ? inferencesOf(columns, nested, seed) : []
  return {
    tasks: card.tasks.length,
    n,
    leads: Object.fromEntries(
      led.map(({ measure, other: { row, bm25 } }, i) => {
        const { value: delta, n: _, ...rest } = inferences[i]
        return [measure, { control: { row, bm25 }, delta, ...rest, corrected: rest.p, family: 1 }]
      }),
    ),
  }
}
