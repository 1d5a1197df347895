import type { Recipe } from '../../../shared/schemas/run'
import { familyOf } from '../datasets/family-of'
import type { CardMeans, CardVectors } from '../hypernet/card-vectors'
import { gatherRows, type Matrix, stackRows } from '../numeric/matrix'
import { type RandomStream, sampleIndices } from '../numeric/random'
import type { CalibratedLists } from '../preferences/calibrated-lists'
import type { EncodedCollection, EncodedTask } from '../preferences/encoded-collection'
import { learnsLists } from '../preferences/needed-lists'
import type { Preferences } from '../preferences/preferences'
import { samplers } from '../preferences/samplers'
import type { AskedQuery, PreferenceSampler } from '../preferences/samplers/sampler-spec'
import { findSpec, parseOptions } from '../registry/registry'
import { type CardOptions, drawCard, drawNullCard, perturbCard, type TaskGroup } from './card-sampler'
import { losses } from './losses'
import { taskTargets } from './task-targets'

/** The part of a step that one corpus has: its queries are ranked among its documents. */
export interface StepPart<Corpus = EncodedCollection> extends Preferences {
  readonly encoded: Corpus
  /** Of its first query among the queries of the step. */
  readonly first: number
  /** How many there are; what they teach counts them from 0. */
  readonly asked: number
}

/** What a training step needs besides weights: cards, queries, and what each query teaches. */
export interface StepBatch<Corpus = EncodedCollection> {
  /** One, or one for each corpus that was drawn, in the order of the queries. */
  readonly parts: readonly StepPart<Corpus>[]
  /** [T] task ids, in the order of the cards. */
  readonly tasks: readonly string[]
  readonly cards: readonly CardVectors[]
  readonly means: readonly CardMeans[]
  /** [T] a card of unrelated texts under which the task's queries should stay where they are; null for most. */
  readonly nullCards: readonly (CardVectors | null)[]
  /** [T] another task's card, under which relevant documents should score less; null for most. */
  readonly wrongCards: readonly ({ readonly card: CardVectors; readonly means: CardMeans } | null)[]
  /** [T·Q, d] query vectors, task by task */
  readonly queries: Matrix
}

export type SamplerOptions = CardOptions &
  Pick<Recipe, 'tasksPerStep' | 'queriesPerStep' | 'candidates'> &
  Partial<
    Pick<
      Recipe,
      | 'corporaPerStep'
      | 'losses'
      | 'teacher'
      | 'sampler'
      | 'nullCards'
      | 'wrongCards'
      | 'cardNoise'
      | 'cardDropout'
    >
  >

interface Group extends TaskGroup {
  readonly preferences: PreferenceSampler
}

/** More queries of one task than this in a step say the same thing again. */
const MOST_QUERIES_PER_TASK = 64

export interface StepSampler {
  draw(random: RandomStream): StepBatch
}

/**
 * A step (docs/method.md#training-step): a corpus in proportion to its tasks and some of these uniformly, or several corpora
 * family by family; for each task a card of fresh exemplars from its train queries
 * (with fixed ones the network memorises them), in part of the cards the description alone; other train queries of the task
 * to answer; and what the preference sampler sets against their relevant documents. Documents that a card shows leave targets
 * and candidates of that task, else a head would learn to return them. What a recipe does not use draws nothing, and what it
 * does use draws after the rest.
 * @param lists a teacher's orderings of each task's train queries, where the recipe needs them (neededLists)
 */
export function stepSampler(
  tasks: readonly EncodedTask[],
  descriptionMean: Float32Array,
  options: SamplerOptions,
  lists?: ReadonlyMap<EncodedTask, CalibratedLists>,
): StepSampler {
  const groups = groupTasks(tasks, descriptionMean, options, lists)
  const places = groups.flatMap((group) => group.tasks.map((_, index) => ({ group, index })))
  const families = groupFamilies(groups)
  const { corporaPerStep: corpora = 1 } = options
  const most = Math.ceil(options.tasksPerStep / corpora)
  return {
    draw(random) {
      if (corpora === 1) {
        const { group } = places[random.integer(places.length)]
        const count = Math.min(most, group.tasks.length)
        const perTask = Math.ceil(options.queriesPerStep / count)
        return joinParts([drawPart({ group, count, perTask }, places, options, random)])
      }
      const perTask = Math.ceil(options.queriesPerStep / (corpora * most))
      const drawn = Array.from({ length: corpora }, () => {
        const family = families[random.integer(families.length)]
        const group = family[random.integer(family.length)]
        const count = Math.min(most, group.tasks.length)
        return drawPart({ group, count, perTask }, places, options, random)
      })
      return joinParts(drawn)
    },
  }
}

/** Corpora of one family beside one another; an ordinary collection is a family of its own. */
function groupFamilies(groups: readonly Group[]): Group[][] {
  const families = new Map<string, Group[]>()
  for (const group of groups) {
    const name = familyOf(group.encoded.collection)
    families.set(name, [...(families.get(name) ?? []), group])
  }
  return [...families.values()]
}

function groupTasks(
  tasks: readonly EncodedTask[],
  description: Float32Array,
  options: SamplerOptions,
  lists: ReadonlyMap<EncodedTask, CalibratedLists> | undefined,
): Group[] {
  const spec = findSpec('sampler', samplers, options.sampler?.name ?? 'uniform')
  const chosen = parseOptions('sampler', spec, options.sampler?.options)
  const learned = options.teacher !== undefined && learnsLists(options.teacher)
  const asked = options.losses ?? [{ name: 'listwise' }]
  const needs = new Set(asked.map(({ name }) => findSpec('loss', losses, name).needs))
  const byCollection = new Map<EncodedCollection, EncodedTask[]>()
  for (const task of tasks) {
    if (learned && !lists?.has(task)) throw new RangeError(`no lists of the teacher for ${task.task.id}`)
    const group = byCollection.get(task.encoded)
    if (group) group.push(task)
    else byCollection.set(task.encoded, [task])
  }
  return [...byCollection].map(([encoded, members]) => ({
    encoded,
    tasks: members,
    targets: members.map((task) => taskTargets(task, lists?.get(task) ?? null, learned, chosen)),
    means: { description, ...encoded.centre },
    preferences: spec.create(
      { documents: encoded.documents.rows, candidates: options.candidates, needs },
      chosen,
    ),
  }))
}

/** A corpus's part of a step, with its cards and the vectors of its queries. */
interface DrawnPart extends Omit<StepBatch, 'parts'> {
  readonly part: Omit<StepPart, 'first'>
}

function drawPart(
  {
    group,
    count,
    perTask: wanted,
  }: { readonly group: Group; readonly count: number; readonly perTask: number },
  places: readonly { readonly group: Group; readonly index: number }[],
  options: SamplerOptions,
  random: RandomStream,
): DrawnPart {
  const { encoded, means } = group
  const chosen = sampleIndices(group.tasks.length, count, random)
  const perTask = Math.min(MOST_QUERIES_PER_TASK, wanted)
  const drawn: CardVectors[] = []
  const asked: AskedQuery[] = []
  for (const index of chosen) {
    const { card, shown } = drawCard(group, index, options, random)
    drawn.push(card)
    const { queries } = group.tasks[index].task.train
    for (const place of drawQueries(queries.length, perTask, random))
      asked.push(askQuery(group, index, place, shown))
  }
  const preferences = group.preferences.draw(asked, random)
  const { nullCards, wrongCards, cardNoise: noise = 0, cardDropout: dropout = 0 } = options
  const cards = drawn.map((card) => perturbCard(card, means, { noise, dropout }, random))
  return {
    part: { ...preferences, encoded, asked: asked.length },
    tasks: chosen.map((index) => group.tasks[index].task.id),
    cards,
    means: cards.map(() => means),
    nullCards: cards.map(() =>
      happens(nullCards?.share, random) ? drawNullCard(group, options, random) : null,
    ),
    wrongCards: chosen.map((index) => {
      if (places.length < 2 || !happens(wrongCards?.share, random)) return null
      const own = places.findIndex((place) => place.group === group && place.index === index)
      const other = places[(own + 1 + random.integer(places.length - 1)) % places.length]
      return {
        card: drawCard(other.group, other.index, options, random).card,
        means: other.group.means,
      }
    }),
    queries: gatherRows(
      encoded.queries,
      asked.map(({ query }) => query),
    ),
  }
}

function joinParts(drawn: readonly DrawnPart[]): StepBatch {
  let first = 0
  const parts = drawn.map(({ part }) => {
    first += part.asked
    return { ...part, first: first - part.asked }
  })
  return {
    parts,
    tasks: drawn.flatMap(({ tasks }) => tasks),
    cards: drawn.flatMap(({ cards }) => cards),
    means: drawn.flatMap(({ means }) => means),
    nullCards: drawn.flatMap(({ nullCards }) => nullCards),
    wrongCards: drawn.flatMap(({ wrongCards }) => wrongCards),
    queries: stackRows(drawn.map(({ queries }) => queries)),
  }
}

/** @param place of the query among the task's train queries  @param shown documents that the card gives away */
function askQuery(group: Group, index: number, place: number, shown: readonly number[]): AskedQuery {
  const query = group.tasks[index].task.train.queries[place]
  const { documents, shares, judged, list } = group.targets[index][place]
  const kept: number[] = []
  documents.forEach((document, i) => {
    if (!shown.includes(document)) kept.push(i)
  })
  const mass = kept.reduce((sum, i) => sum + shares[i], 0)
  const own = group.encoded.collection.ownDocument[query]
  return {
    query,
    positives: kept.map((i) => documents[i]),
    weights: kept.map((i) => shares[i] / mass),
    judged,
    excluded: own >= 0 ? [own, ...shown] : shown,
    list,
  }
}

/** `count` different queries, or with repeats where the task has fewer. */
function drawQueries(available: number, count: number, random: RandomStream): number[] {
  if (available >= count) return sampleIndices(available, count, random)
  return Array.from({ length: count }, () => random.integer(available))
}

function happens(share: number | undefined, random: RandomStream): boolean {
  return share !== undefined && share > 0 && random.next() < share
}
