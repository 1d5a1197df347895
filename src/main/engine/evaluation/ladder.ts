import { CARD_GROUPS } from '../../../shared/ladder'
import { type Normalisation, USUAL_NORMALISATION } from '../../../shared/normalisation'
import { systemLabel } from '../../../shared/system-name'
import { familyOf } from '../datasets/family-of'
import { measureNames, parseMeasure } from '../measures'
import type { Measure } from '../measures/measure'
import { randomStream, shuffled } from '../numeric/random'
import type { EncodedTask } from '../preferences/encoded-collection'
import { unseenGroups } from './card-groups'
import { bestControls, type ControlSystem, controlGrid, corpusMeans, frozenSystem } from './controls'
import { corpusIndexes } from './corpus-indexes'
import { chooseFewShot, type FewShot } from './few-shot'
import { fusedSystems } from './fusion-weights'
import { chooseHandOut, type HandOutRow } from './hand-out/hand-out'
import { expertsOfTasks, type NetworkSystems, networkSystems } from './network-systems'
import { DEV_TASKS, devQueries } from './seen-dev'
import { exampleCounts, hasExamples, type ShownCard, showCard } from './shown-card'
import { isFused, type ListSystem, type System } from './system'
import { type ScoreOptions, type SystemScores, scoreSystems } from './system-scores'
import { HEADLINE, type LadderTable } from './verdict'

/** Seen tasks that are tested beside the unseen ones: enough for the comparison, and drawn at random. */
export const SEEN_TASKS_TESTED = 40
const DEPTH = 100
const WHOLE_DEPTH = 1000

export interface LadderOptions {
  readonly seen: readonly EncodedTask[]
  readonly unseen: readonly EncodedTask[]
  /** Tasks that nothing trained and no table tests, to choose on what unseen cards are handed. */
  readonly ruleTasks?: readonly EncodedTask[]
  /** [d] mean of the seen tasks' plain descriptions: what the controls are centred on */
  readonly controlMean: Float32Array
  /** [d] what the networks' cards are centred on */
  readonly networkMean: Float32Array
  readonly networks: NetworkSystems
  /** BM25 of a query row with every document: gives the row BM25, and every other row fused with it. */
  readonly lexical?: ScoreOptions['lexical']
  /** Scale of the fused rows; the usual one where nothing is said. */
  readonly normalisation?: Normalisation
  /** The teacher that the network learned from, for the row `teacher` of seen tasks. */
  readonly teacher?: ListSystem['list']
  /** The recipe's; 0 where nothing was trained. */
  readonly feedbackWeight: number
  /** Whose queries are scored; test where nothing is said. */
  readonly split?: 'test' | 'dev'
  /** The headline ones where nothing is said. */
  readonly measures?: readonly Measure[]
  /** Rows asked for; empty: all that fit. */
  readonly rows: readonly string[]
  readonly seed: number
  /** Greatest number of examples on a card; 0 where nothing looks at cards. */
  readonly mostExamples: number
  /**
   * Numbers of examples in place of each dataset's own, least first. Tasks are those that can show the most of them, and what such a
   * card shows is hidden in every table: so all are on the same queries.
   */
  readonly examples?: readonly number[]
  readonly signal?: AbortSignal
  readonly threads?: number
  onProgress?(done: number, total: number): void
  /** A table is whole. */
  onTable?(table: LadderTable): void
  onRankings?(
    table: Pick<LadderTable, 'cards' | 'examples'>,
    ...ranked: Parameters<NonNullable<ScoreOptions['onRankings']>>
  ): void
}

/** Every row of the ladder on the same queries: seen and unseen cards, per number of examples on the card. */
export async function scoreLadder(options: LadderOptions): Promise<LadderTable[]> {
  const { measures = measureNames().map(parseMeasure) } = options
  const groups = testGroups(options)
  const total = groups.reduce((sum, { tasks }) => sum + tasks.length, 0)
  const indexes = corpusIndexes(options.threads)
  const prepared = new Map<number, Prepared>()
  const asked = (name: string) => options.rows.length === 0 || options.rows.includes(name)
  const tables: LadderTable[] = []
  let done = 0
  try {
    for (const { cards, examples, tasks } of groups) {
      let ready = prepared.get(examples)
      if (!ready) {
        const dev = devScoring(options, examples, indexes.open)
        const fewShot = await openFewShot(options, examples, dev)
        const chosen = await chooseControls(options, examples, dev)
        const handOut = {
          seen: await chooseHeads(options, options.seen, examples, chosen, dev),
          unseen: await chooseHeads(options, options.ruleTasks ?? [], examples, chosen, dev),
        }
        const controls = [...chosen.filter(({ row }) => asked(row)), ...(fewShot ? [fewShot.system] : [])]
        ready = { controls, fewShot, handOut, fused: await chooseFusions(options, controls, dev) }
        prepared.set(examples, ready)
      }
      const { controls, fewShot, handOut, fused: fusions } = ready
      const shown = shownCards(tasks, examples, options)
      await fewShot?.fit(tasks, shown)
      const plain = [frozenSystem, ...controls, ...networkSystems(options, { cards, tasks, shown })].filter(
        ({ name }) => asked(name),
      )
      const lexical: System[] = options.lexical && asked('BM25') ? [{ name: 'BM25', lexical: true }] : []
      const fused = plain.flatMap((base) => {
        const fusion = fusions.get(weighedAs(base.name))
        return fusion ? [{ ...fusion, name: base.name, base }] : []
      })
      const longest = options.examples && shownCards(tasks, options.examples.at(-1)!, options)
      const { teacher } = options
      const taught: System[] = teacher && cards === 'seen' ? [{ name: 'teacher', list: teacher }] : []
      // What is chosen on trained tasks says nothing of cards that were never trained.
      const handed = cards === 'seen' ? handOut.seen : handOut.unseen
      const handedOut =
        handed && asked(handed.system.name) ? [handed.system, ...(handed.fused ? [handed.fused] : [])] : []
      const systems = [...plain, ...handedOut, ...lexical, ...taught, ...fused]
      const before = done
      const scores = await scoreSystems({
        systems,
        tasks,
        split: options.split ?? 'test',
        mostQueries: ({ task }) => task.collection.protocol.testQueriesPerTask ?? Number.POSITIVE_INFINITY,
        measures,
        depth: rankingDepth(measures),
        card: (task) => shown.get(task)!,
        ...(longest ? { hides: (task) => longest.get(task)! } : {}),
        index: indexes.open,
        lexical: options.lexical,
        signal: options.signal,
        onTask: (count) => options.onProgress?.(before + count, total),
        onRankings: (...ranked) => options.onRankings?.({ cards, examples }, ...ranked),
      })
      done += tasks.length
      const settings = systems.flatMap((system) =>
        'chosen' in system
          ? [[systemLabel({ row: system.name, bm25: isFused(system) }), String(system.chosen)] as const]
          : [],
      )
      const table = {
        cards,
        examples,
        systems: meanOfEqualNames(scores),
        chosen: new Map(settings),
        ...(handed ? { decisions: handed.decisions } : {}),
        ...(cards === 'seen' ? {} : { experts: expertsOfTasks(options, shown) }),
      }
      tables.push(table)
      options.onTable?.(table)
    }
  } finally {
    await indexes.dispose()
  }
  return tables
}

/** As deep as any measure looks. One of the whole ranking looks at the thousand documents that trec_eval's users rank. */
export function rankingDepth(measures: readonly Measure[]): number {
  return Math.max(DEPTH, ...measures.map(({ cutoff }) => (Number.isFinite(cutoff) ? cutoff : WHOLE_DEPTH)))
}

/** Which tasks are tested with how many examples: all unseen ones, and up to 40 seen ones drawn by the seed, of each family at least one where so many fit. */
function testGroups(options: LadderOptions) {
  const { seen, unseen, seed, mostExamples, split = 'test' } = options
  const drawn = firstOfEach(shuffled(seen, randomStream(seed, 'seen tasks tested')), ({ task }) =>
    familyOf(task.collection),
  ).slice(0, SEEN_TASKS_TESTED)
  const groups = new Map([...unseenGroups(unseen, seen), ['seen', drawn] as const])
  return CARD_GROUPS.flatMap((cards) => {
    const most = options.examples?.at(-1)
    const tasks = (groups.get(cards) ?? []).filter(
      (task) => task.task[split].queries.length > 0 && (most === undefined || canShow(task, most, options)),
    )
    const counts = [...new Set(tasks.flatMap((task) => options.examples ?? exampleCounts(task)))]
      .filter((count) => count <= mostExamples)
      .sort((a, b) => a - b)
    return counts.map((examples) => ({
      cards,
      examples,
      tasks: tasks.filter((task) => canShow(task, examples, options)),
    }))
  })
}

/** The first of each kind before all others, each part in the order given. */
function firstOfEach<One>(list: readonly One[], kindOf: (one: One) => string): One[] {
  const first = new Map<string, One>()
  for (const one of list) if (!first.has(kindOf(one))) first.set(kindOf(one), one)
  const chosen = new Set(first.values())
  return [...chosen, ...list.filter((one) => !chosen.has(one))]
}

function canShow(task: EncodedTask, examples: number, options: Pick<LadderOptions, 'examples'>): boolean {
  return options.examples ? hasExamples(task, examples) : exampleCounts(task).includes(examples)
}

function shownCards(
  tasks: readonly EncodedTask[],
  examples: number,
  { seed, feedbackWeight }: LadderOptions,
): Map<EncodedTask, ShownCard> {
  return new Map(tasks.map((task) => [task, showCard(task, examples, seed, feedbackWeight)]))
}

type DevScoring = Omit<ScoreOptions, 'systems'> & { readonly shown: ReadonlyMap<EncodedTask, ShownCard> }

/** The dev queries of up to 40 seen tasks: everything that is chosen is chosen here; no label of an unseen task is read. */
function devScoring(options: LadderOptions, examples: number, index: ScoreOptions['index']): DevScoring {
  const tasks = options.seen
    .filter((task) => task.task.dev.queries.length > 0 && canShow(task, examples, options))
    .slice(0, DEV_TASKS)
  const shown = shownCards(tasks, examples, options)
  return {
    tasks,
    shown,
    split: 'dev',
    mostQueries: () => devQueries(tasks.length),
    measures: [parseMeasure(HEADLINE)],
    depth: 10,
    card: (task) => shown.get(task)!,
    index,
    lexical: options.lexical,
    signal: options.signal,
  }
}

/** What is chosen on dev, once for each number of examples. */
interface Prepared {
  readonly controls: readonly System[]
  readonly fewShot: FewShot | null
  readonly handOut: Readonly<Record<'seen' | 'unseen', HandOutRow | null>>
  /** By row. */
  readonly fused: ReadonlyMap<string, Fused>
}

type Fused = Awaited<ReturnType<typeof fusedSystems>>[number]

/** The right card's weight serves the wrong one too: what differs must be the card alone. */
function weighedAs(row: string): string {
  return row === 'wrong card' ? 'task card' : row
}

/** BM25's share beside each row asked for, by row; empty where there is nothing to fuse or no dev query to choose on. */
async function chooseFusions(
  options: LadderOptions,
  controls: readonly System[],
  dev: DevScoring,
): Promise<ReadonlyMap<string, Fused>> {
  if (!options.lexical || dev.tasks.length === 0) return new Map()
  const wanted = new Set(options.rows.map(weighedAs))
  const systems = [frozenSystem, ...controls, ...networkSystems(options, { ...dev, cards: 'seen' })].filter(
    ({ name }) => name !== 'wrong card' && (wanted.size === 0 || wanted.has(name)),
  )
  const { normalisation = USUAL_NORMALISATION } = options
  return new Map((await fusedSystems(systems, normalisation, dev)).map((fusion) => [fusion.name, fusion]))
}

/** On request only: it fits a head for each card, and many for each dev task to choose its setting. */
async function openFewShot(
  options: LadderOptions,
  examples: number,
  dev: DevScoring,
): Promise<FewShot | null> {
  if (!options.rows.includes('few-shot') || examples === 0 || dev.tasks.length === 0) return null
  return chooseFewShot(dev, options.seed)
}

/** λ and variant of each control (docs/method.md#controls); what is handed out is chosen among them, whichever rows are shown. */
async function chooseControls(
  options: LadderOptions,
  examples: number,
  dev: DevScoring,
): Promise<ControlSystem[]> {
  const { rows, networks } = options
  const grid = controlGrid(examples, (task) => corpusMeans(task, options.controlMean)).filter(
    ({ row }) => networks['task card'] || rows.length === 0 || rows.includes(row),
  )
  if (dev.tasks.length === 0 || grid.length === 0) return []
  return bestControls(grid, await scoreSystems({ ...dev, systems: grid }), HEADLINE)
}

/** What is handed out, chosen on these tasks, trained ones or others; null where no network reads cards, or there is no dev query. */
async function chooseHeads(
  options: LadderOptions,
  among: readonly EncodedTask[],
  examples: number,
  controls: readonly ControlSystem[],
  { card: _, shown: __, ...dev }: DevScoring,
): Promise<HandOutRow | null> {
  // A ladder over other numbers of examples than the run's own hands nothing out.
  if (!options.networks['task card'] || options.examples) return null
  const tasks = among.filter((task) => task.task.dev.queries.length > 0 && canShow(task, examples, options))
  return chooseHandOut({
    tasks,
    cards: among === options.seen ? 'seen' : 'unseen',
    examples,
    controls,
    fusion: options.lexical ? (options.normalisation ?? USUAL_NORMALISATION) : null,
    networks: options.networks,
    networkMean: options.networkMean,
    showCards: (some) => shownCards(some, examples, options),
    score: (systems, asked) =>
      scoreSystems({
        ...dev,
        systems,
        tasks: asked.tasks,
        mostQueries: asked.mostQueries,
        card: (task) => asked.shown.get(task)!,
      }),
  })
}

/** Rows that several systems make (a wrong card is each other card in turn) become one: the mean of their scores, query by query. */
function meanOfEqualNames(scores: readonly SystemScores[]): SystemScores[] {
  const groups = new Map<string, SystemScores[]>()
  for (const system of scores) {
    const key = systemLabel(system)
    groups.set(key, [...(groups.get(key) ?? []), system])
  }
  return [...groups.values()].map((systems) =>
    systems.length === 1
      ? systems[0]
      : {
          ...systems[0],
          tasks: systems[0].tasks.map((task, t) => ({
            ...task,
            values: new Map(
              [...task.values.keys()].map((measure) => [
                measure,
                task.values
                  .get(measure)!
                  .map(
                    (_, i) =>
                      systems.reduce((sum, { tasks }) => sum + tasks[t].values.get(measure)![i], 0) /
                      systems.length,
                  ),
              ]),
            ),
          })),
        },
  )
}
