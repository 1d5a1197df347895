import { HEADLINE_MEASURES } from '../../../shared/verdict'
import { type CardMeans, constantCard } from '../hypernet/card-vectors'
import type { Hypernetwork } from '../hypernet/hypernetwork'
import { parseMeasure } from '../measures'
import { randomStream, shuffled } from '../numeric/random'
import type { EncodedTask } from '../preferences/encoded-collection'
import { type Arm, type ScoreOptions, scoreArms } from './arm-scores'
import { bestControls, controlGrid, frozenArm } from './controls'
import { corpusIndexes } from './corpus-indexes'
import { DEV_TASKS } from './seen-dev'
import { exampleCounts, type ShownCard, showCard } from './shown-card'
import { HEADLINE, type LadderTable } from './verdict'

/** Seen tasks that are tested beside the unseen ones: enough for the comparison, and drawn at random. */
export const SEEN_TASKS_TESTED = 40
/** WordNet's tasks have up to hundreds of test queries; 30 each weigh tasks alike. Ordinary collections are used whole. */
const MANY_CARDS_QUERIES = 30
const DEV_QUERIES = 10
const DEPTH = 100

export interface LadderOptions {
  readonly seen: readonly EncodedTask[]
  readonly unseen: readonly EncodedTask[]
  /** [d] mean of the seen tasks' plain descriptions: what the controls are centred on */
  readonly controlMean: Float32Array
  /** [d] what the networks' cards are centred on */
  readonly networkMean: Float32Array
  readonly networks: Readonly<Partial<Record<'task card' | 'no card', Hypernetwork>>>
  /** The recipe's; 0 where nothing was trained. */
  readonly feedbackWeight: number
  /** Rows asked for; empty: all that fit. */
  readonly rows: readonly string[]
  readonly seed: number
  /** Greatest number of examples on a card; 0 where nothing looks at cards. */
  readonly mostExamples: number
  readonly signal?: AbortSignal
  readonly threads?: number
  onProgress?(done: number, total: number): void
  onRankings?(
    table: Pick<LadderTable, 'cards' | 'examples'>,
    ...ranked: Parameters<NonNullable<ScoreOptions['onRankings']>>
  ): void
}

/** Every row of the ladder on the same queries: seen and unseen cards, per number of examples on the card. */
export async function scoreLadder(options: LadderOptions): Promise<LadderTable[]> {
  const drawn = shuffled(options.seen, randomStream(options.seed, 'seen tasks tested')).slice(
    0,
    SEEN_TASKS_TESTED,
  )
  const groups = (['unseen', 'seen'] as const).flatMap((cards) => {
    const tasks = (cards === 'seen' ? drawn : options.unseen).filter(
      ({ task }) => task.test.queries.length > 0,
    )
    const counts = [...new Set(tasks.flatMap(exampleCounts))]
      .filter((count) => count <= options.mostExamples)
      .sort((a, b) => a - b)
    return counts.map((examples) => ({
      cards,
      examples,
      tasks: tasks.filter((task) => exampleCounts(task).includes(examples)),
    }))
  })
  const total = groups.reduce((sum, { tasks }) => sum + tasks.length, 0)
  const indexes = corpusIndexes(options.threads)
  const chosen = new Map<number, Arm[]>()
  const tables: LadderTable[] = []
  let done = 0
  try {
    for (const { cards, examples, tasks } of groups) {
      let controls = chosen.get(examples)
      if (!controls) {
        controls = await chooseControls(options, examples, indexes.open)
        chosen.set(examples, controls)
      }
      const shown = new Map(
        tasks.map((task) => [task, showCard(task, examples, options.seed, options.feedbackWeight)]),
      )
      const arms = [frozenArm, ...controls, ...networkArms(options, tasks, shown)].filter(
        ({ name }) => options.rows.length === 0 || options.rows.includes(name),
      )
      const before = done
      const scores = await scoreArms({
        arms,
        tasks,
        split: 'test',
        mostQueries:
          tasks[0].task.collection.cards.length > 1 ? MANY_CARDS_QUERIES : Number.POSITIVE_INFINITY,
        measures: HEADLINE_MEASURES.map(parseMeasure),
        depth: DEPTH,
        card: (task) => shown.get(task)!,
        index: indexes.open,
        signal: options.signal,
        onTask: (count) => options.onProgress?.(before + count, total),
        onRankings: (...ranked) => options.onRankings?.({ cards, examples }, ...ranked),
      })
      done += tasks.length
      const settings = arms.flatMap((arm) =>
        'chosen' in arm ? [[arm.name, String(arm.chosen)] as const] : [],
      )
      tables.push({ cards, examples, arms: scores, chosen: new Map(settings) })
    }
  } finally {
    await indexes.dispose()
  }
  return tables
}

/** λ and variant of each control, on the dev queries of up to 40 seen tasks; no label of an unseen task is read. */
async function chooseControls(
  options: LadderOptions,
  examples: number,
  index: ScoreOptions['index'],
): Promise<Arm[]> {
  const tasks = options.seen
    .filter((task) => task.task.dev.queries.length > 0 && exampleCounts(task).includes(examples))
    .slice(0, DEV_TASKS)
  const grid = controlGrid(examples, (task) => meansOf(task, options.controlMean)).filter(
    ({ row }) => options.rows.length === 0 || options.rows.includes(row),
  )
  if (tasks.length === 0 || grid.length === 0) return []
  const shown = new Map(
    tasks.map((task) => [task, showCard(task, examples, options.seed, options.feedbackWeight)]),
  )
  const scores = await scoreArms({
    arms: grid,
    tasks,
    split: 'dev',
    mostQueries: DEV_QUERIES,
    measures: [parseMeasure(HEADLINE)],
    depth: 10,
    card: (task) => shown.get(task)!,
    index,
    signal: options.signal,
  })
  return bestControls(grid, scores, HEADLINE)
}

function networkArms(
  options: LadderOptions,
  tasks: readonly EncodedTask[],
  shown: ReadonlyMap<EncodedTask, ShownCard>,
): Arm[] {
  const arms: Arm[] = []
  const means = (task: EncodedTask) => meansOf(task, options.networkMean)
  const noCard = options.networks['no card']
  if (noCard) {
    arms.push({
      name: 'no card',
      transform: (task, _card, queries) => noCard.transform(constantCard(means(task)), means(task), queries),
    })
  }
  const taskCard = options.networks['task card']
  if (taskCard) {
    arms.push({
      name: 'task card',
      transform: (task, card, queries) => taskCard.transform(card.vectors, means(task), queries),
    })
    if (tasks.length > 1) {
      // The card of the task half the list further on: a fixed derangement (METHOD 8).
      const other = new Map(
        tasks.map((task, i) => [task, tasks[(i + Math.floor(tasks.length / 2)) % tasks.length]]),
      )
      arms.push({
        name: 'wrong card',
        transform: (task, _card, queries) =>
          taskCard.transform(shown.get(other.get(task)!)!.vectors, means(task), queries),
      })
    }
  }
  return arms
}

function meansOf({ encoded }: EncodedTask, description: Float32Array): CardMeans {
  return { description, queries: encoded.queryMean, documents: encoded.documentMean }
}
