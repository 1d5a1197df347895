import type { ConditioningPart } from '../../../shared/schemas/run'
import { familyOf } from '../datasets/family-of'
import { type CardFeatures, cardFeatures, descriptionOnly } from '../hypernet/card-vectors'
import { type ComparedCards, comparedCards, cosinesWith, likenessTo } from '../hypernet/experts/card-likeness'
import { clusterCards } from '../hypernet/experts/cluster-cards'
import { type ExpertPlan, expertsOf, SHARED_EXPERT } from '../hypernet/experts/expert-plan'
import { fitGate, type Gate, type GateExample } from '../hypernet/experts/gate'
import type { ExpertOptions } from '../hypernet/generators/experts'
import { createMatrix, type Matrix, meanOfVectors, meanRow, row } from '../numeric/matrix'
import { type RandomStream, randomStream, shuffled } from '../numeric/random'
import type { EncodedTask } from '../preferences/encoded-collection'

export interface FittedExperts {
  readonly plan: ExpertPlan
  /** The network's fixed parameters, by name. */
  readonly values: Readonly<Record<string, Float32Array>>
}

interface FitOptions {
  /** [d] what descriptions are centred on */
  readonly descriptionMean: Float32Array
  readonly conditioning: readonly ConditioningPart[]
  readonly feedbackWeight: number
  readonly options: ExpertOptions
  readonly seed: number
}

/** Times that the corpus of an only card is halved: 8 halves. */
const HALVINGS = 4
/** The middle of few experts says little: the origin counts as so many more. */
const ORIGIN_WEIGHT = 3

/** A card that is like no trained one: no gate may open for it, whether or not there are other families. */
const UNLIKE: GateExample = { likeness: { text: 0, corpus: 0 }, serves: false, weight: 1 }

/**
 * Experts of the trained cards and their gates, from the vectors of the cards alone, before the first step
 * (docs/method.md#experts-behind-a-card).
 */
export function fitExperts(tasks: readonly EncodedTask[], fit: FitOptions): FittedExperts {
  const { options } = fit
  const random = randomStream(fit.seed, 'experts')
  const told = tellCards(tasks, fit)
  const { names, of } = options.by === 'family' ? byFamily(tasks) : byCluster(tasks, told, options, random)
  const middle = middleOf(told, of, tasks[0], fit)
  const compare = (of: CardFeatures) => comparedCards(of.description, of.documents, middle)
  const cards = compare(told)
  const plan: ExpertPlan = { names, of, shared: options.shared && severalFamilies(names, of) }
  const gates = expertsOf(plan).map(({ name, members }) => {
    const [only, ...more] = members
    const examples =
      plan.shared && name === SHARED_EXPERT
        ? sharedExamples(cards, members, plan)
        : [
            ...(more.length > 0
              ? leftOut(cards, members)
              : halves(cards, only, tasks[only], compare, fit, random)),
            ...others(cards, members, plan),
          ]
    return fitGate([...examples, UNLIKE], options.ridge)
  })
  return {
    plan,
    values: {
      trainedTexts: cards.text.data,
      trainedCorpora: cards.corpus.data,
      middle: middle.data,
      gates: Float32Array.from(gates.flatMap(({ text, corpus, bias }: Gate) => [text, corpus, bias])),
    },
  }
}

function byFamily(tasks: readonly EncodedTask[]): { names: string[]; of: number[] } {
  const families = tasks.map(({ encoded }) => familyOf(encoded.collection))
  const names = [...new Set(families)]
  return { names, of: families.map((family) => names.indexOf(family)) }
}

/** Clusters are called after their middle cards. */
function byCluster(
  tasks: readonly EncodedTask[],
  told: CardFeatures,
  { clusters }: ExpertOptions,
  random: RandomStream,
): { names: string[]; of: readonly number[] } {
  const origin = createMatrix(2, told.description.columns)
  const cards = comparedCards(told.description, told.documents, origin)
  const { middles, of } = clusterCards(cards, clusters, random)
  return { names: middles.map((card) => tasks[card].task.id), of }
}

/**
 * [2, d] What likeness is seen from, of text and of corpora: the mean of the experts' mean cards, drawn towards the origin of the
 * encoder. Each expert counts once, or a large family would be the middle, and whatever is not of it would be alike. Where
 * a network is not told of corpora, it is their centre.
 */
function middleOf(
  { description, documents }: CardFeatures,
  of: readonly number[],
  { encoded }: EncodedTask,
  { descriptionMean, conditioning }: FitOptions,
): Matrix {
  const count = new Set(of).size
  const shrunk = (vectors: Matrix, centre: Float32Array) => {
    const middles = Array.from({ length: count }, (_, expert) =>
      meanRow(
        vectors,
        of.flatMap((own, card) => (own === expert ? [card] : [])),
      ),
    )
    return meanOfVectors(middles).map(
      (value, i) => (count * value - ORIGIN_WEIGHT * centre[i]) / (count + ORIGIN_WEIGHT),
    )
  }
  const middle = createMatrix(2, description.columns)
  row(middle, 0).set(shrunk(description, descriptionMean))
  if (conditioning.includes('corpus')) row(middle, 1).set(shrunk(documents, encoded.centre.documents))
  return middle
}

/** What is shared needs two families with members: one can be left out. */
function severalFamilies(names: readonly string[], of: readonly number[]): boolean {
  return names.filter((_, expert) => of.filter((own) => own === expert).length > 1).length > 1
}

/** The members, each left out in turn. */
function leftOut(cards: ComparedCards, members: readonly number[]): GateExample[] {
  return members.map((card) =>
    example(
      cards,
      card,
      members.filter((other) => other !== card),
      true,
      1,
    ),
  )
}

/** The cards of every other expert; each of these weighs the same. */
function others(cards: ComparedCards, members: readonly number[], { names, of }: ExpertPlan): GateExample[] {
  return names.flatMap((_, expert) => {
    if (expert === of[members[0]]) return []
    const theirs = of.flatMap((one, card) => (one === expert ? [card] : []))
    return theirs.map((card) => example(cards, card, members, false, 1 / theirs.length))
  })
}

/**
 * The members, each with its whole family left out, against the collections that have no family. Without such a collection
 * nobody has said whom what is shared must not serve: then it serves cards of its families, and those of a family left out are
 * whom it does not.
 */
function sharedExamples(cards: ComparedCards, members: readonly number[], { of }: ExpertPlan): GateExample[] {
  const counts = new Map<number, number>()
  for (const card of members) counts.set(of[card], (counts.get(of[card]) ?? 0) + 1)
  const alone = of.flatMap((expert, card) => (counts.has(expert) ? [] : [card]))
  const without = (serves: boolean) =>
    members.map((card) => {
      const strange = members.filter((other) => of[other] !== of[card])
      return example(cards, card, strange, serves, 1 / counts.get(of[card])!)
    })
  if (alone.length === 0) return [...leftOut(cards, members), ...without(false)]
  return [...without(true), ...alone.map((card) => example(cards, card, members, false, 1))]
}

function example(
  cards: ComparedCards,
  card: number,
  members: readonly number[],
  serves: boolean,
  weight: number,
): GateExample {
  return { likeness: likenessTo(cosinesWith(cards, card, cards), members), serves, weight }
}

/**
 * An only card has no other member that could be left out. What is certainly of its kind is a half of its own corpus, under its
 * own text or under none; how much further its kind reaches nobody has seen, so the gate opens no further than that.
 */
function halves(
  cards: ComparedCards,
  card: number,
  task: EncodedTask,
  compare: (told: CardFeatures) => ComparedCards,
  fit: FitOptions,
  random: RandomStream,
): GateExample[] {
  const { documents } = task.encoded
  const rows = Array.from({ length: documents.rows }, (_, i) => i)
  const middle = Math.max(1, documents.rows >> 1)
  return Array.from({ length: HALVINGS }, () => shuffled(rows, random))
    .flatMap((order) => [order.slice(0, middle), order.slice(-middle)])
    .flatMap((half) => {
      const encoded = { ...task.encoded, documentMean: meanRow(documents, half) }
      const told = compare(tellCards([{ ...task, encoded }], fit))
      const likeness = likenessTo(cosinesWith(told, 0, cards), [card])
      return [likeness, { ...likeness, text: 0 }]
    })
    .map((likeness) => ({ likeness, serves: true, weight: 1 }))
}

/** Cards of a description alone, as the network is told of them. */
function tellCards(
  tasks: readonly EncodedTask[],
  { descriptionMean, conditioning, feedbackWeight }: FitOptions,
): CardFeatures {
  return cardFeatures(
    tasks.map(({ description, nearest, encoded }) =>
      descriptionOnly(
        description,
        nearest,
        { queries: encoded.centre.queries, documents: encoded.documentMean },
        feedbackWeight,
      ),
    ),
    tasks.map(({ encoded }) => ({ description: descriptionMean, ...encoded.centre })),
    conditioning,
  )
}
