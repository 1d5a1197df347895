import { type CardMeans, type CardVectors, descriptionOnly } from '../hypernet/card-vectors'
import { gatherRows, type Matrix, meanRow, row } from '../numeric/matrix'
import { type RandomStream, sampleIndices } from '../numeric/random'
import { type CandidateSampler, candidateSampler } from '../preferences/candidates'
import {
  type EncodedCollection,
  type EncodedTask,
  relevantDocuments,
} from '../preferences/encoded-collection'

/** What a training step needs besides weights: cards, queries, candidates, and which candidate is what to whom. */
export interface StepBatch {
  readonly encoded: EncodedCollection
  readonly cards: readonly CardVectors[]
  readonly means: readonly CardMeans[]
  /** [T·Q, d] query vectors, task by task */
  readonly queries: Matrix
  /** Corpus rows over which the softmax runs. */
  readonly candidates: Int32Array
  /** (query, candidate) pairs that are no candidate for that query: its own document and what its card shows. */
  readonly masked: Int32Array
  /** (query, candidate) pairs that are relevant … */
  readonly targets: Int32Array
  /** … each with its share of the query's target mass, 1 / |relevant|. */
  readonly weights: Float32Array
}

export interface SamplerOptions {
  readonly tasksPerStep: number
  readonly queriesPerStep: number
  readonly candidates: number
  readonly minExamples: number
  readonly maxExamples: number
  readonly descriptionOnly: number
  readonly feedbackWeight: number
}

interface Group {
  readonly encoded: EncodedCollection
  readonly tasks: readonly EncodedTask[]
  readonly relevant: readonly (readonly number[][])[]
  readonly means: CardMeans
  readonly candidates: CandidateSampler
}

/** More queries of one task than this in a step say the same thing again. */
const MOST_QUERIES_PER_TASK = 64

export interface StepSampler {
  draw(random: RandomStream): StepBatch
}

/**
 * METHOD 1b's step: tasks drawn uniformly; for each a card of fresh exemplars from its train queries (with fixed ones the
 * network memorises them), in part of the cards the description alone; other train queries of the task to answer; softmax
 * over all their relevant documents and random ones. Documents that a card shows leave targets and candidates of that
 * task, else a head would learn to return them.
 */
export function stepSampler(
  tasks: readonly EncodedTask[],
  descriptionMean: Float32Array,
  options: SamplerOptions,
): StepSampler {
  const groups = groupTasks(tasks, descriptionMean, options)
  const total = tasks.length
  function chooseGroup(random: RandomStream): Group {
    let place = random.integer(total)
    for (const group of groups) {
      if (place < group.tasks.length) return group
      place -= group.tasks.length
    }
    return groups[groups.length - 1]
  }
  return { draw: (random) => drawStep(chooseGroup(random), options, random) }
}

function groupTasks(
  tasks: readonly EncodedTask[],
  description: Float32Array,
  options: SamplerOptions,
): Group[] {
  const byCollection = new Map<EncodedCollection, EncodedTask[]>()
  for (const task of tasks) {
    const group = byCollection.get(task.encoded)
    if (group) group.push(task)
    else byCollection.set(task.encoded, [task])
  }
  return [...byCollection].map(([encoded, members]) => ({
    encoded,
    tasks: members,
    relevant: members.map(({ task }) =>
      Array.from(task.train.queries, (_, index) => relevantDocuments(task, task.train, index)),
    ),
    means: { description, queries: encoded.queryMean, documents: encoded.documentMean },
    candidates: candidateSampler(encoded.documents.rows, options.candidates),
  }))
}

function drawStep(group: Group, options: SamplerOptions, random: RandomStream): StepBatch {
  const { encoded } = group
  const chosen = sampleIndices(group.tasks.length, Math.min(options.tasksPerStep, group.tasks.length), random)
  const perTask = Math.min(MOST_QUERIES_PER_TASK, Math.ceil(options.queriesPerStep / chosen.length))
  const cards: CardVectors[] = []
  const queryRows: number[] = []
  const hidden: number[][] = []
  const relevant: number[][] = []
  for (const index of chosen) {
    const task = group.tasks[index]
    const train = task.task.train
    const answers = group.relevant[index]
    const span = options.maxExamples - options.minExamples + 1
    const count = Math.min(options.minExamples + random.integer(span), train.queries.length)
    const examples = sampleIndices(train.queries.length, count, random).filter((i) => answers[i].length > 0)
    const shown = examples.map((i) => answers[i][random.integer(answers[i].length)])
    const wording = random.integer(task.wordings.rows)
    const description = row(task.wordings, wording)
    const alone = random.next() < options.descriptionOnly || shown.length === 0
    cards.push(
      alone
        ? descriptionOnly(
            description,
            row(task.wordingsNearest, wording),
            group.means,
            options.feedbackWeight,
          )
        : {
            description,
            queries: meanRow(
              encoded.queries,
              examples.map((i) => train.queries[i]),
            ),
            documents: meanRow(encoded.documents, shown),
          },
    )
    const asked = drawQueries(train.queries.length, perTask, random)
    const hide = new Set(shown)
    for (const i of asked) {
      queryRows.push(train.queries[i])
      relevant.push(answers[i].filter((document) => !hide.has(document)))
      hidden.push(shown)
    }
  }
  const candidates = group.candidates.draw(eachOnce(relevant), random)
  const position = group.candidates.position
  const masked: number[] = []
  const targets: number[] = []
  const weights: number[] = []
  for (let q = 0; q < queryRows.length; q++) {
    const own = encoded.collection.ownDocument[queryRows[q]]
    if (own >= 0 && position[own] >= 0) masked.push(q, position[own])
    for (const document of hidden[q]) if (position[document] >= 0) masked.push(q, position[document])
    for (const document of relevant[q]) {
      targets.push(q, position[document])
      weights.push(1 / relevant[q].length)
    }
  }
  return {
    encoded,
    cards,
    means: cards.map(() => group.means),
    queries: gatherRows(encoded.queries, queryRows),
    candidates,
    masked: Int32Array.from(masked),
    targets: Int32Array.from(targets),
    weights: Float32Array.from(weights),
  }
}

/** `count` different queries, or with repeats where the task has fewer. */
function drawQueries(available: number, count: number, random: RandomStream): number[] {
  if (available >= count) return sampleIndices(available, count, random)
  return Array.from({ length: count }, () => random.integer(available))
}

function* eachOnce(lists: readonly (readonly number[])[]): Generator<number> {
  for (const list of lists) yield* list
}
