import { taskClusters } from '../../datasets/document-sets'
import type { Hypernetwork } from '../../hypernet/hypernetwork'
import { parseMeasure } from '../../measures'
import type { EncodedTask } from '../../preferences/encoded-collection'
import { type Inference, inferencesOf, meanOf, type Sampling } from '../../statistics/inference'
import { frozenSystem } from '../controls'
import { headRows } from '../corpus-heads'
import { corpusIndexes } from '../corpus-indexes'
import { cardCentre } from '../network-systems'
import { sampledTasks, type TaskSample } from '../sampled-tasks'
import { type ShownCard, showCard } from '../shown-card'
import type { TransformSystem } from '../system'
import { type ScoreOptions, type SystemScores, scoreSystems } from '../system-scores'
import { HEADLINE, tableSampling } from '../verdict'

export interface MatrixOptions {
  /** Row for row and, by their cards, column for column: those of `matrixTasks`. */
  readonly tasks: readonly EncodedTask[]
  readonly network: Hypernetwork
  /** [d] what the network's cards are centred on */
  readonly networkMean: Float32Array
  readonly feedbackWeight: number
  /** On every card. */
  readonly examples: number
  readonly split: 'test' | 'dev'
  readonly seed: number
  readonly signal?: AbortSignal
  readonly threads?: number
  onTask?(done: number, total: number): void
}

export interface ScoredMatrix {
  /** Whose queries count: those that have a relevant document left; in the order given. */
  readonly tasks: readonly EncodedTask[]
  /** [tasks] test queries */
  readonly queries: readonly number[]
  /** [tasks] */
  readonly frozen: readonly number[]
  /** [tasks][cards] */
  readonly scores: readonly (readonly number[])[]
  /** Own card minus the mean of the other cards. */
  readonly margin: Inference & Pick<Sampling, 'unit'>
}

/** A sample of many: the matrix grows with their square. */
export function matrixTasks(
  tasks: readonly EncodedTask[],
  options: Pick<MatrixOptions, 'examples' | 'split' | 'seed'>,
): TaskSample<EncodedTask> {
  return sampledTasks(tasks, { ...options, use: 'task matrix' })
}

/**
 * Every card on every task, on the queries and with the documents hidden that the task's own table has. A card is compiled
 * once, centred as on its own corpus: the head that its export has. nDCG@10.
 */
export async function scoreMatrix(options: MatrixOptions): Promise<ScoredMatrix> {
  const { tasks, examples, seed, split } = options
  const shown = new Map(tasks.map((task) => [task, showCard(task, examples, seed, options.feedbackWeight)]))
  const indexes = corpusIndexes(options.threads)
  const cards = await Promise.all(tasks.map((task) => cardSystem(task, shown.get(task)!, options)))
  try {
    const scored = await scoreSystems({
      systems: [frozenSystem, ...cards.map(({ system }) => system)],
      tasks,
      split,
      mostQueries: ({ task }) => task.collection.protocol.testQueriesPerTask ?? Number.POSITIVE_INFINITY,
      measures: [parseMeasure(HEADLINE)],
      depth: 10,
      card: (task) => shown.get(task)!,
      index: indexes.open,
      signal: options.signal,
      onTask: options.onTask,
    } satisfies ScoreOptions)
    return matrixOf(tasks, scored, seed)
  } finally {
    for (const { dispose } of cards) await dispose()
    await indexes.dispose()
  }
}

async function cardSystem(
  card: EncodedTask,
  shown: ShownCard,
  { network, networkMean }: MatrixOptions,
): Promise<{ readonly system: TransformSystem; dispose(): Promise<void> }> {
  const means = cardCentre(card, networkMean)
  const head = await headRows(network.compile(shown.vectors, means))
  const documents = network.compileDocuments(shown.vectors, means)
  return {
    system: {
      name: card.task.id,
      transform: (_task, _card, queries) => head.apply(queries),
      documentHead: () => documents,
    },
    dispose: head.dispose,
  }
}

/** @param scored of the frozen encoder, then of each task's card  @internal */
export function matrixOf(
  tasks: readonly EncodedTask[],
  [frozen, ...cards]: readonly SystemScores[],
  seed: number,
): ScoredMatrix {
  // A task whose queries all ask for what its card shows has no row, and so no column.
  const rows = new Map(frozen.tasks.map(({ task }, row) => [task, row]))
  const kept = tasks.flatMap((task, column) => {
    const row = rows.get(task)
    return row === undefined
      ? []
      : [{ task, row, values: cards.map(({ tasks }) => valuesOf(tasks[row])), column }]
  })
  const margins = kept.map(({ values, column }) => {
    const others = kept.filter((other) => other.column !== column)
    return values[column].map(
      (own, query) =>
        own - others.reduce((sum, other) => sum + values[other.column][query], 0) / others.length,
    )
  })
  const scoredTasks = kept.map(({ row }) => frozen.tasks[row])
  const sampling = tableSampling({ tasks: scoredTasks }, taskClusters(kept.map(({ task }) => task.task)))
  const [margin] = inferencesOf([margins], sampling, seed)
  return {
    tasks: kept.map(({ task }) => task),
    queries: scoredTasks.map(({ queries }) => queries.length),
    frozen: scoredTasks.map((task) => meanOf(valuesOf(task))),
    scores: kept.map(({ values }) => kept.map(({ column }) => meanOf(values[column]))),
    margin: { ...margin, unit: sampling.unit },
  }
}

function valuesOf({ values }: SystemScores['tasks'][number]): Float64Array {
  return values.get(HEADLINE)!
}
