import type { Normalisation } from '../../../../shared/normalisation'
import type { HandedHead, HandOutDecision } from '../../../../shared/schemas/runs/hand-out'
import { taskClusters } from '../../datasets/document-sets'
import { shiftRows } from '../../hypernet/blended-head'
import { expertFit } from '../../hypernet/experts/expert-fit'
import type { EncodedTask } from '../../preferences/encoded-collection'
import { FEW_TASKS } from '../../statistics/inference'
import { cardCentre } from '../network-systems'
import type { ShownCard } from '../shown-card'
import type { FusedSystem, ShiftSystem, System, TransformSystem } from '../system'
import type { SystemScores } from '../system-scores'
import { type CandidateSystem, candidateSystems } from './candidate-systems'
import { chooseHead, type DevScores, type EvidenceUnit, sureHeads } from './choose-head'
import { headWords, shareWords, taskWords } from './head-words'

/** Dev queries that a task which decides for itself looks at: more would cost more than they tell. */
const MOST_DEV_QUERIES = 400
/** Dev queries with which one task among many decides for itself: a gain of .05 nDCG stands clear of their noise. */
const OWN_DEV_QUERIES = 80
/** Tasks that decide together, and dev queries of each: every candidate ranks all of them. */
const MOST_TASKS = 40
const MOST_QUERIES_TOGETHER = 30
/** Of tasks that no training saw: there are fewer of them, and what they say holds for every card to come. */
const MOST_QUERIES_LEFT_OUT = 100
/** Shares of BM25 that are tried beside a head. Few: each ranks all dev queries again. */
const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5] as const

/** What of a run is handed out for its trained tasks at one number of examples, and the row of the ladder that is made of it. */
export interface HandOutRow {
  readonly decisions: readonly HandOutDecision[]
  readonly system: TransformSystem & { readonly chosen: string }
  /** The same beside BM25; null where it was not asked. */
  readonly fused: (FusedSystem & { readonly chosen: string }) | null
}

interface HandOutOptions extends Omit<Parameters<typeof candidateSystems>[0], 'tasks' | 'shown'> {
  /** Tasks with dev queries. */
  readonly tasks: readonly EncodedTask[]
  /** For which cards it is chosen: these trained tasks, or others of which these are a sample. */
  readonly cards: HandOutDecision['cards']
  readonly examples: number
  /** Scale on which BM25 is added; null: BM25 is not asked. */
  readonly fusion: Normalisation | null
  showCards(tasks: readonly EncodedTask[]): ReadonlyMap<EncodedTask, ShownCard>
  /** nDCG@10 of systems on dev queries, at most so many of each task; the same queries for all of them. */
  score(
    systems: readonly System[],
    dev: {
      readonly tasks: readonly EncodedTask[]
      readonly shown: ReadonlyMap<EncodedTask, ShownCard>
      mostQueries(task: EncodedTask): number
    },
  ): Promise<readonly SystemScores[]>
}

/**
 * Chooses on dev: each of fewer than ten tasks on its own, and so each collection that has many dev queries; the others
 * together, over tasks, since a choice by some thirty queries of one task is mostly chance and costs as much as all rows of the
 * ladder; for cards that no training saw, over tasks that it did not see either (docs/method.md#what-is-handed-out). null where
 * there is no dev query to choose on.
 */
export async function chooseHandOut(options: HandOutOptions): Promise<HandOutRow | null> {
  const { cards, examples, fusion: normalisation } = options
  const alone = new Set(cards === 'seen' ? decidingAlone(options.tasks) : [])
  const others = new Set(options.tasks.filter((task) => !alone.has(task)).slice(0, MOST_TASKS))
  const tasks = options.tasks.filter((task) => alone.has(task) || others.has(task))
  if (tasks.length === 0) return null
  const shown = options.showCards(tasks)
  const together = cards === 'unseen' ? MOST_QUERIES_LEFT_OUT : MOST_QUERIES_TOGETHER
  const mostQueries = (task: EncodedTask) => (alone.has(task) ? MOST_DEV_QUERIES : together)
  const dev = { tasks, shown, mostQueries }
  const candidates = candidateSystems({ ...options, tasks, shown })
  const scores = await options.score(
    candidates.map(({ system }) => system),
    dev,
  )
  // A task of which what a card shows leaves no query is in no score.
  const judged = scores[0].tasks.map(({ task }, place) => ({ task, place }))
  if (judged.length === 0) return null
  const asOne = judged.filter(({ task }) => !alone.has(task))
  const parts = [
    ...judged.filter(({ task }) => alone.has(task)).map(ofItself),
    ...(asOne.length > 0 ? [ofAll(asOne)] : []),
  ]
  const headsOf = (places: readonly number[]) =>
    candidates.map(({ head }, a) => ({ head, tasks: devScores(scores[a], places) }))
  const sure = new Set(
    parts.flatMap(({ places, evidence }) => sureHeads(headsOf(places), evidence).map(({ head }) => head)),
  )
  const fitOf = cardFits(options)
  const beside =
    normalisation &&
    (await scoresBeside(
      candidates.filter(({ head }) => sure.has(head)),
      (systems) => options.score(systems, dev),
      { normalisation, fitOf },
    ))
  const decisions = parts.map(({ task, places, evidence }): HandOutDecision => {
    const heads = headsOf(places).map((one) => ({
      ...one,
      beside: beside?.get(one.head)?.map((own, s) => ({ share: SHARES[s], tasks: devScores(own, places) })),
    }))
    const { bm25, ...choice } = chooseHead(heads, evidence)
    return {
      cards,
      task,
      examples,
      queries: heads[0].tasks.reduce((sum, { length }) => sum + length, 0),
      tasks: places.length,
      unit: evidence.unit,
      ...choice,
      ...(normalisation && { bm25: { normalisation, ...bm25 } }),
    }
  })
  const byTask = new Map(decisions.map((decision) => [decision.task, decision]))
  const decisionOf = ({ task }: EncodedTask) => byTask.get(task.id) ?? byTask.get(null)
  const systems = new Map(candidates.map(({ head, system }) => [head, system]))
  const system = {
    ...chosenSystem((task) => {
      const decision = decisionOf(task)
      return decision && systems.get(decision.chosen)!
    }),
    chosen: inWords(decisions, ({ chosen }) => headWords(chosen)),
  }
  return {
    decisions,
    system,
    fused: normalisation && {
      ...fused(
        system,
        normalisation,
        system.name,
        (task, card) => (decisionOf(task)?.bm25?.share ?? 0) * fitOf(task, card),
      ),
      chosen: `${normalisation}; ${inWords(decisions, ({ bm25 }) => shareWords(bm25!))}`,
    },
  }
}

/** Tasks that decide together, and over what their intervals are. */
interface DecidingTasks {
  /** The task that decides for itself; null: they decide for all others too. */
  readonly task: string | null
  /** Into the scores. */
  readonly places: readonly number[]
  readonly evidence: EvidenceUnit
}

/** A task, and where its scores stand. */
interface JudgedTask {
  readonly task: EncodedTask
  readonly place: number
}

/**
 * Trained tasks that decide by their own dev queries: all, where they would be too few to decide together; else collections of
 * one task with many dev queries. Of tasks over one corpus each says what its neighbours say, so they stay together.
 */
function decidingAlone(tasks: readonly EncodedTask[]): readonly EncodedTask[] {
  const onCorpus = new Map<EncodedTask['encoded'], number>()
  for (const { encoded } of tasks) onCorpus.set(encoded, (onCorpus.get(encoded) ?? 0) + 1)
  const sure = tasks.filter(
    ({ task, encoded }) => task.dev.queries.length >= OWN_DEV_QUERIES && onCorpus.get(encoded) === 1,
  )
  return tasks.length - sure.length < FEW_TASKS ? tasks : sure
}

function ofItself({ task: { task }, place }: JudgedTask): DecidingTasks {
  return { task: task.id, places: [place], evidence: { unit: 'queries' } }
}

function ofAll(judged: readonly JudgedTask[]): DecidingTasks {
  const clusterOf = taskClusters(judged.map(({ task }) => task.task))
  const clusters = judged.map(({ task }) => clusterOf.get(task.task.id)!)
  return { task: null, places: judged.map(({ place }) => place), evidence: { unit: 'tasks', clusters } }
}

function devScores({ tasks }: SystemScores, places: readonly number[]): DevScores {
  return places.map((place) => [...tasks[place].values.values()][0])
}

/** Of each task what was chosen for it; a task without a choice is ranked as the encoder does. */
function chosenSystem(
  systemOf: (task: EncodedTask) => ShiftSystem | TransformSystem | undefined,
): TransformSystem {
  return {
    name: 'handed out',
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
  }
}

/** A share of BM25 was learned beside experts: where none fits a card, it gets neither. */
function cardFits({ networks, networkMean }: Pick<HandOutOptions, 'networks' | 'networkMean'>) {
  const fits = new Map<ShownCard, number>()
  return (task: EncodedTask, card: ShownCard): number => {
    const network = networks['task card']?.(task)
    const fit =
      fits.get(card) ??
      expertFit(
        network?.description.experts ? network.experts(card.vectors, cardCentre(task, networkMean)) : null,
      )
    fits.set(card, fit)
    return fit
  }
}

/** Scores of each head beside each share of BM25, by head. */
async function scoresBeside(
  heads: readonly CandidateSystem[],
  score: (systems: readonly System[]) => Promise<readonly SystemScores[]>,
  { normalisation, fitOf }: { normalisation: Normalisation; fitOf: ReturnType<typeof cardFits> },
): Promise<Map<HandedHead, readonly SystemScores[]>> {
  const grid = heads.flatMap(({ system }) =>
    SHARES.map((share) =>
      fused(system, normalisation, `${share} BM25`, (task, card) => share * fitOf(task, card)),
    ),
  )
  // A fused system's own one has to be ranked with it.
  const scores = await score([...heads.map(({ system }) => system), ...grid])
  return new Map(
    heads.map(({ head }, h) => {
      const first = heads.length + h * SHARES.length
      return [head, scores.slice(first, first + SHARES.length)]
    }),
  )
}

function fused(
  base: System,
  normalisation: Normalisation,
  name: string,
  share: FusedSystem['share'],
): FusedSystem {
  return { name, base, normalisation, share }
}

function inWords(
  decisions: readonly HandOutDecision[],
  words: (decision: HandOutDecision) => string,
): string {
  const own = decisions.filter(({ task }) => task !== null)
  const shared = decisions.find(({ task }) => task === null)
  const parts = shared ? [`${words(shared)}, on the dev queries of ${shared.tasks} ${taskWords(shared)}`] : []
  if (own.length > 0) {
    parts.unshift(
      `per task on its own dev queries: ${own.map((one) => `${one.task} ${words(one)}`).join(', ')}`,
    )
  }
  return parts.join('; ')
}
