import type { ConditioningPart } from '../../../shared/schemas/run'
import { familyOf } from '../datasets/family-of'
import { type CardVectors, cardFeatures, descriptionOnly } from '../hypernet/card-vectors'
import { type ComparedCards, comparedCards, cosinesWith, likenessTo } from '../hypernet/experts/card-likeness'
import { clusterCards } from '../hypernet/experts/cluster-cards'
import { type ExpertPlan, expertsOf, SHARED_EXPERT } from '../hypernet/experts/expert-plan'
import { fitGate, type Gate, type GateExample } from '../hypernet/experts/gate'
import type { ExpertOptions } from '../hypernet/generators/experts'
import { meanRow } from '../numeric/matrix'
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

/**
 * Experts of the trained cards and their gates, from the vectors of the cards alone, before the first step
 * (docs/method.md#experts-behind-a-card).
 */
export function fitExperts(tasks: readonly EncodedTask[], fit: FitOptions): FittedExperts {
  const { options } = fit
  const random = randomStream(fit.seed, 'experts')
  const cards = compare(
    tasks.map((task) => ({ task, card: cardOf(task, fit) })),
    fit,
  )
  const { names, of } = options.by === 'family' ? byFamily(tasks) : byCluster(tasks, cards, options, random)
  const plan: ExpertPlan = { names, of, shared: options.shared && severalFamilies(names, of) }
  const experts = expertsOf(plan)
  const gates = experts.map((expert) => {
    const examples =
      expert.name === SHARED_EXPERT && plan.shared
        ? sharedExamples(cards, expert.members, plan)
        : ownExamples(cards, expert.members, plan, () => halves(tasks[expert.members[0]], fit, random))
    return fitGate([...examples, UNLIKE], options.ridge)
  })
  return {
    plan,
    values: {
      trainedTexts: cards.text.data,
      trainedCorpora: cards.corpus.data,
      gates: Float32Array.from(gates.flatMap(({ text, corpus, bias }: Gate) => [text, corpus, bias])),
    },
  }
}

/** A card that is like no trained one: no gate may open for it, whether or not there are other families. */
const UNLIKE: GateExample = { likeness: { text: 0, corpus: 0 }, serves: false, weight: 1 }

function byFamily(tasks: readonly EncodedTask[]): { names: string[]; of: number[] } {
  const families = tasks.map(({ encoded }) => familyOf(encoded.collection))
  const names = [...new Set(families)]
  return { names, of: families.map((family) => names.indexOf(family)) }
}

/** Clusters are called after their middle cards. */
function byCluster(
  tasks: readonly EncodedTask[],
  cards: ComparedCards,
  { clusters }: ExpertOptions,
  random: RandomStream,
): { names: string[]; of: readonly number[] } {
  const { middles, of } = clusterCards(cards, clusters, random)
  return { names: middles.map((card) => tasks[card].task.id), of }
}

/** What is shared needs two families with members: one can be left out. */
function severalFamilies(names: readonly string[], of: readonly number[]): boolean {
  return names.filter((_, expert) => of.filter((own) => own === expert).length > 1).length > 1
}

/** The members, each left out in turn, against the cards of every other expert; each of these weighs the same. */
function ownExamples(
  cards: ComparedCards,
  members: readonly number[],
  { names, of }: ExpertPlan,
  only: () => GateExample[],
): GateExample[] {
  const own = of[members[0]]
  const positives =
    members.length === 1
      ? only()
      : members.map((card) =>
          example(
            cards,
            card,
            members.filter((other) => other !== card),
            true,
            1,
          ),
        )
  const negatives = names.flatMap((_, expert) => {
    if (expert === own) return []
    const others = of.flatMap((one, card) => (one === expert ? [card] : []))
    return others.map((card) => example(cards, card, members, false, 1 / others.length))
  })
  return [...positives, ...negatives]
}

/** The members, each with its whole family left out; against the collections that have no family. */
function sharedExamples(cards: ComparedCards, members: readonly number[], { of }: ExpertPlan): GateExample[] {
  const counts = new Map<number, number>()
  for (const card of members) counts.set(of[card], (counts.get(of[card]) ?? 0) + 1)
  const positives = members.map((card) => {
    const others = members.filter((other) => of[other] !== of[card])
    return example(cards, card, others, true, 1 / counts.get(of[card])!)
  })
  const alone = of.flatMap((expert, card) => (counts.has(expert) ? [] : [card]))
  return [...positives, ...alone.map((card) => example(cards, card, members, false, 1))]
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
function halves(task: EncodedTask, fit: FitOptions, random: RandomStream): GateExample[] {
  const { documents } = task.encoded
  const whole = compare([{ task, card: cardOf(task, fit) }], fit)
  return Array.from({ length: HALVINGS }, () =>
    shuffled(
      Array.from({ length: documents.rows }, (_, i) => i),
      random,
    ),
  )
    .flatMap((order) => {
      const middle = Math.max(1, order.length >> 1)
      return [order.slice(0, middle), order.slice(-middle)]
    })
    .flatMap((half) => {
      const documentMean = meanRow(documents, half)
      const described = cardOf({ ...task, encoded: { ...task.encoded, documentMean } }, fit)
      return [described, { ...described, description: fit.descriptionMean }]
    })
    .map((card) => {
      const part = compare([{ task, card }], fit)
      return { likeness: likenessTo(cosinesWith(part, 0, whole), [0]), serves: true, weight: 1 }
    })
}

function cardOf({ description, nearest, encoded }: EncodedTask, { feedbackWeight }: FitOptions): CardVectors {
  const corpus = { queries: encoded.centre.queries, documents: encoded.documentMean }
  return descriptionOnly(description, nearest, corpus, feedbackWeight)
}

/** Cards as the network is told of them. */
function compare(
  cards: readonly { readonly task: EncodedTask; readonly card: CardVectors }[],
  { descriptionMean, conditioning }: FitOptions,
): ComparedCards {
  const { description, documents } = cardFeatures(
    cards.map(({ card }) => card),
    cards.map(({ task }) => ({ description: descriptionMean, ...task.encoded.centre })),
    conditioning,
  )
  return comparedCards(description, documents)
}
