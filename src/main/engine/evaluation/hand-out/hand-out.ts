import type { HandedHead, HandOutDecision } from '../../../../shared/schemas/runs/hand-out'
import { clustersOf, documentSets } from '../../datasets/document-sets'
import { shiftRows } from '../../hypernet/blended-head'
import type { EncodedTask } from '../../preferences/encoded-collection'
import { FEW_TASKS } from '../../statistics/inference'
import type { ShownCard } from '../shown-card'
import type { ShiftSystem, System, TransformSystem } from '../system'
import type { SystemScores } from '../system-scores'
import { candidateSystems } from './candidate-systems'
import { chooseHead } from './choose-head'
import { headWords, taskWords } from './head-words'

/** Dev queries that a task which decides for itself looks at: more would cost more than they tell. */
const MOST_DEV_QUERIES = 400
/** Tasks that decide together, and dev queries of each: every candidate ranks all of them. */
const MOST_TASKS = 40
const MOST_QUERIES_TOGETHER = 30

/** What of a run is handed out for its trained tasks at one number of examples, and the row of the ladder that is made of it. */
export interface HandOutRow {
  readonly decisions: readonly HandOutDecision[]
  readonly system: TransformSystem & { readonly chosen: string }
}

interface HandOutOptions extends Omit<Parameters<typeof candidateSystems>[0], 'tasks' | 'shown'> {
  /** Tasks with dev queries. */
  readonly tasks: readonly EncodedTask[]
  /** For which cards it is chosen: these trained tasks, or others of which these are a sample. */
  readonly cards: HandOutDecision['cards']
  readonly examples: number
  showCards(tasks: readonly EncodedTask[]): ReadonlyMap<EncodedTask, ShownCard>
  /** nDCG@10 of systems on dev queries, at most so many of each task; the same queries for all of them. */
  score(
    systems: readonly System[],
    dev: {
      readonly tasks: readonly EncodedTask[]
      readonly shown: ReadonlyMap<EncodedTask, ShownCard>
      readonly mostQueries: number
    },
  ): Promise<readonly SystemScores[]>
}

/**
 * Chooses on dev: each of fewer than ten tasks on its own; more of them together, over tasks, since a choice by some thirty
 * queries of one task is mostly chance and costs as much as all rows of the ladder; for cards that no training saw, over tasks that it did not see either (docs/method.md#what-is-handed-out). null where there is no dev query to choose on.
 */
export async function chooseHandOut(options: HandOutOptions): Promise<HandOutRow | null> {
  const { tasks, cards, examples } = options
  const few = tasks.length < FEW_TASKS
  const sample = cards === 'unseen'
  const [alone, together] = few && !sample ? [tasks, []] : [[], tasks.slice(0, MOST_TASKS)]
  const systems = new Map<HandedHead, ShiftSystem | TransformSystem>()

  async function scored(some: readonly EncodedTask[], mostQueries: number) {
    if (some.length === 0) return null
    const shown = options.showCards(some)
    const candidates = candidateSystems({ ...options, tasks: some, shown })
    for (const { head, system } of candidates) systems.set(head, system)
    const scores = await options.score(
      candidates.map(({ system }) => system),
      { tasks: some, shown, mostQueries },
    )
    // A task of which what a card shows leaves no query is in no score.
    const judged = scores[0].tasks.map(({ task }) => task)
    const heads = candidates.map(({ head }, a) => ({
      head,
      tasks: scores[a].tasks.map(({ values }) => [...values.values()][0]),
    }))
    return { judged, heads }
  }

  const decisions: HandOutDecision[] = []
  const own = await scored(alone, MOST_DEV_QUERIES)
  own?.judged.forEach(({ task }, t) => {
    const heads = own.heads.map(({ head, tasks }) => ({ head, tasks: [tasks[t]] }))
    const queries = heads[0].tasks[0].length
    decisions.push({
      cards,
      task: task.id,
      examples,
      queries,
      tasks: 1,
      unit: 'queries',
      ...chooseHead(heads, 'queries'),
    })
  })
  const shared = await scored(together, MOST_QUERIES_TOGETHER)
  if (shared && shared.judged.length > 0) {
    const { judged, heads } = shared
    const clusters = new Array<number>(judged.length)
    clustersOf(documentSets(judged.map(({ task }) => task))).forEach((members, cluster) => {
      for (const member of members) clusters[member] = cluster
    })
    const queries = heads[0].tasks.reduce((sum, { length }) => sum + length, 0)
    const chosen = chooseHead(heads, 'tasks', clusters)
    decisions.push({ cards, task: null, examples, queries, tasks: judged.length, unit: 'tasks', ...chosen })
  }
  if (decisions.length === 0) return null

  const byTask = new Map(decisions.map((decision) => [decision.task, decision]))
  const systemOf = ({ task }: EncodedTask) => {
    const decision = byTask.get(task.id) ?? byTask.get(null)
    return decision && systems.get(decision.chosen)!
  }
  return {
    decisions,
    system: {
      name: 'handed out',
      chosen: inWords(decisions),
      transform(task, card, queries) {
        const system = systemOf(task)
        if (!system) return queries
        return 'shift' in system
          ? shiftRows(queries, system.shift(task, card))
          : system.transform(task, card, queries)
      },
      documentHead(task, card) {
        const system = systemOf(task)
        return (system && 'documentHead' in system && system.documentHead?.(task, card)) || null
      },
    },
  }
}

/** A long list says less than its counts. */
const MOST_LISTED = 12

function inWords(decisions: readonly HandOutDecision[]): string {
  const own = decisions.filter(({ task }) => task !== null)
  const shared = decisions.find(({ task }) => task === null)
  const words = shared
    ? [`${headWords(shared.chosen)}, on the dev queries of ${shared.tasks} ${taskWords(shared)}`]
    : []
  if (own.length > MOST_LISTED) {
    const frozen = own.filter(({ chosen }) => chosen.head === 'frozen').length
    words.unshift(`per task on its own dev queries, the frozen encoder for ${frozen} of ${own.length}`)
  } else if (own.length > 0) {
    words.unshift(
      `per task on its own dev queries: ${own.map(({ task, chosen }) => `${task} ${headWords(chosen)}`).join(', ')}`,
    )
  }
  return words.join('; ')
}
