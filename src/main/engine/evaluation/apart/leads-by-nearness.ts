import { NEARNESS, type Nearness } from '../../../../shared/nearness'
import type { LeadByNearness } from '../../../../shared/schemas/verdict'
import { intervalsOf, type Sampling } from '../../statistics/inference'
import { taskDifferences } from '../differences'
import { meanOverTasks, type SystemScores } from '../system-scores'

export interface NearnessOptions {
  readonly card: SystemScores
  /** The table's best control, the same for all classes: their leads make up the table's. */
  readonly control: SystemScores
  readonly measure: string
  /** [tasks] */
  readonly nearness: readonly Nearness[]
  /** The unit of the intervals over some of the tasks. */
  readonly samplingOf: (some: Pick<SystemScores, 'tasks'>) => Sampling
  readonly seed: number
}

/** The task card's lead over the best control, apart for tasks whose nearest trained card is nested, overlapping or apart. */
export function leadsByNearness(options: NearnessOptions): Omit<LeadByNearness, 'cards' | 'examples'>[] {
  const { measure, nearness, seed } = options
  return NEARNESS.flatMap((nearest) => {
    const some = ({ tasks, ...system }: SystemScores): SystemScores => ({
      ...system,
      tasks: tasks.filter((_, task) => nearness[task] === nearest),
    })
    const [card, control] = [some(options.card), some(options.control)]
    if (card.tasks.length === 0) return []
    const differences = taskDifferences(card, control, measure)
    const sampling = options.samplingOf(card)
    const [lead] = intervalsOf([differences], sampling, { seed, use: `bootstrap/${nearest}` })
    return [
      {
        nearest,
        tasks: card.tasks.length,
        queries: card.tasks.reduce((sum, { queries }) => sum + queries.length, 0),
        card: meanOverTasks(card, measure),
        control: meanOverTasks(control, measure),
        unit: sampling.unit,
        n: sampling.n,
        lead,
      },
    ]
  })
}
