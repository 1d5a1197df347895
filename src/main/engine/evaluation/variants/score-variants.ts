import { taskClusters } from '../../datasets/document-sets'
import type { Hypernetwork } from '../../hypernet/hypernetwork'
import { parseMeasure } from '../../measures'
import { dot, gatherRows, type Matrix, row } from '../../numeric/matrix'
import type { EncodedTask } from '../../preferences/encoded-collection'
import { holm } from '../../statistics/holm'
import { type Inference, inferencesOf, intervalsOf, meanOf, type Sampling } from '../../statistics/inference'
import { rankBiasedOverlap } from '../../statistics/rank-biased-overlap'
import type { Interval } from '../../statistics/resampling'
import { frozenSystem } from '../controls'
import { corpusIndexes } from '../corpus-indexes'
import { cardCentre } from '../network-systems'
import type { ShownCard } from '../shown-card'
import type { System, TransformSystem } from '../system'
import { type ScoreOptions, scoreSystems } from '../system-scores'
import { HEADLINE, tableSampling } from '../verdict'
import type { CardVariant } from './card-variants'

/** How much of a ranking is held against the whole card's: what a reader looks at, and the measure too. */
const DEPTH = 10

export interface VariantOptions {
  readonly tasks: readonly EncodedTask[]
  /** The card as it is. */
  readonly shown: ReadonlyMap<EncodedTask, ShownCard>
  readonly variants: ReadonlyMap<EncodedTask, readonly CardVariant[]>
  readonly network: Hypernetwork
  /** [d] what the network's cards are centred on */
  readonly networkMean: Float32Array
  readonly split: 'test' | 'dev'
  readonly seed: number
  readonly signal?: AbortSignal
  readonly threads?: number
  onTask?(done: number, total: number): void
}

/** One variant on one task, a mean over its cards. */
interface VariantOfTask {
  readonly task: EncodedTask
  /** Changes of the measure by each card that the variant is a mean of. */
  readonly draws: readonly number[]
  /** Per query: change, rank-biased overlap with the whole card's first ten, cosine of the query vectors. */
  readonly change: Float64Array
  readonly overlap: Float64Array
  readonly cosine: Float64Array
}

export interface ScoredVariant {
  readonly name: string
  readonly sampling: Sampling
  /** Variant minus whole card; `corrected` over the variants of the table. */
  readonly change: Inference & { readonly corrected: number; readonly family: number }
  readonly overlap: Interval
  readonly cosine: Interval
  readonly tasks: readonly VariantOfTask[]
}

export interface ScoredVariants {
  readonly tasks: readonly {
    readonly task: EncodedTask
    readonly queries: number
    readonly frozen: number
    readonly whole: number
  }[]
  /** In the order in which they are first met. */
  readonly variants: readonly ScoredVariant[]
}

/**
 * Cards said otherwise, or with a part left out, on the queries of the whole card and with the documents hidden that *it* shows,
 * whichever of them a variant still has: nothing differs but the card. nDCG@10.
 */
export async function scoreVariants(options: VariantOptions): Promise<ScoredVariants> {
  const { tasks, shown, variants, split } = options
  const names = [...new Set(tasks.flatMap((task) => variants.get(task)!.map(({ name }) => name)))]
  /** Each variant by its name and which of that name it is: what one task has, another may lack. */
  const slots = names.flatMap((name) => {
    const most = Math.max(...tasks.map((task) => ofName(variants.get(task)!, name).length))
    return Array.from({ length: most }, (_, draw) => ({ name, draw }))
  })
  const variantAt = (task: EncodedTask, { name, draw }: (typeof slots)[number]) =>
    ofName(variants.get(task)!, name).at(draw)
  const whole = cardSystem('whole card', options, (task) => shown.get(task)!.vectors)
  const systems: System[] = [
    frozenSystem,
    whole,
    ...slots.map((slot) =>
      // A task without it is asked under its whole card, and not counted.
      cardSystem(
        `${slot.name} ${slot.draw}`,
        options,
        (task, means) => variantAt(task, slot)?.vectors(means) ?? shown.get(task)!.vectors,
      ),
    ),
  ]
  const firstTen = new Map<EncodedTask, readonly Int32Array[]>()
  const overlaps = new Map<System, Map<EncodedTask, Float64Array>>(
    systems.map((system) => [system, new Map()]),
  )
  const indexes = corpusIndexes(options.threads)
  const scores = await scoreSystems({
    systems,
    tasks,
    split,
    mostQueries: ({ task }) => task.collection.protocol.testQueriesPerTask ?? Number.POSITIVE_INFINITY,
    measures: [parseMeasure(HEADLINE)],
    depth: DEPTH,
    card: (task) => shown.get(task)!,
    index: indexes.open,
    signal: options.signal,
    onTask: options.onTask,
    onRankings(system, task, _queries, rankings) {
      const documents = rankings.map((ranking) => ranking.documents)
      if (system === whole) firstTen.set(task, documents)
      const own = firstTen.get(task)
      if (own)
        overlaps.get(system)!.set(
          task,
          Float64Array.from(documents, (one, i) => rankBiasedOverlap(own[i], one)),
        )
    },
  } satisfies ScoreOptions).finally(indexes.dispose)
  const [frozen, base, ...others] = scores.map((system) =>
    system.tasks.map(({ values }) => values.get(HEADLINE)!),
  )
  const scored = scores[0].tasks.map(({ task, queries }) => ({ task, queries }))
  const moved = new Map<EncodedTask, Matrix>()
  for (const { task, queries } of scored)
    moved.set(task, await movedQueries(whole, task, shown.get(task)!, queries))
  const ofSlots = new Map<string, Map<EncodedTask, Omit<VariantOfTask, 'task' | 'draws'>[]>>()
  for (const [s, slot] of slots.entries()) {
    const system = systems[s + 2] as TransformSystem
    const byTask = ofSlots.get(slot.name) ?? new Map()
    ofSlots.set(slot.name, byTask)
    for (const [t, { task, queries }] of scored.entries()) {
      if (!variantAt(task, slot)) continue
      const vectors = await movedQueries(system, task, shown.get(task)!, queries)
      const one = {
        change: others[s][t].map((value, i) => value - base[t][i]),
        overlap: overlaps.get(system)!.get(task)!,
        cosine: Float64Array.from(queries, (_, i) => cosine(row(vectors, i), row(moved.get(task)!, i))),
      }
      byTask.set(task, [...(byTask.get(task) ?? []), one])
    }
  }
  const found = [...ofSlots].flatMap(([name, byTask]) => {
    const of = [...byTask].map(
      ([task, draws]): VariantOfTask => ({
        task,
        draws: draws.map(({ change }) => meanOf(change)),
        change: meanOfColumns(draws.map(({ change }) => change)),
        overlap: meanOfColumns(draws.map(({ overlap }) => overlap)),
        cosine: meanOfColumns(draws.map(({ cosine }) => cosine)),
      }),
    )
    return of.length === 0 ? [] : [{ name, tasks: of }]
  })
  return {
    tasks: scored.map(({ task, queries }, t) => ({
      task,
      queries: queries.length,
      frozen: meanOf(frozen[t]),
      whole: meanOf(base[t]),
    })),
    variants: inferred(found, options.seed),
  }
}

function ofName(variants: readonly CardVariant[], name: string): CardVariant[] {
  return variants.filter((variant) => variant.name === name)
}

function cardSystem(
  name: string,
  { network, networkMean }: Pick<VariantOptions, 'network' | 'networkMean'>,
  vectors: (task: EncodedTask, means: ReturnType<typeof cardCentre>) => ShownCard['vectors'],
): TransformSystem {
  return {
    name,
    transform(task, _card, queries) {
      const means = cardCentre(task, networkMean)
      return network.transform(vectors(task, means), means, queries)
    },
    documentHead(task) {
      const means = cardCentre(task, networkMean)
      return network.compileDocuments(vectors(task, means), means)
    },
  }
}

async function movedQueries(
  system: TransformSystem,
  task: EncodedTask,
  card: ShownCard,
  queries: Int32Array,
): Promise<Matrix> {
  return system.transform(task, card, gatherRows(task.encoded.queries, queries))
}

function cosine(a: Float32Array, b: Float32Array): number {
  const lengths = Math.sqrt(dot(a, a) * dot(b, b))
  return lengths > 0 ? dot(a, b) / lengths : 0
}

function meanOfColumns(columns: readonly Float64Array[]): Float64Array {
  return columns[0].map((_, i) => columns.reduce((sum, column) => sum + column[i], 0) / columns.length)
}

/** Each variant over the tasks that have it; what one table says is corrected together. */
function inferred(
  found: readonly { readonly name: string; readonly tasks: readonly VariantOfTask[] }[],
  seed: number,
): ScoredVariant[] {
  const clusters = taskClusters([
    ...new Set(found.flatMap(({ tasks }) => tasks.map(({ task }) => task.task))),
  ])
  const tested = found.map(({ name, tasks }) => {
    const sampling = tableSampling(
      { tasks: tasks.map(({ task, change }) => ({ task, queries: change, values: new Map() })) },
      clusters,
    )
    const [change] = inferencesOf([tasks.map((one) => one.change)], sampling, seed)
    const [overlap, cosine] = intervalsOf(
      [tasks.map((one) => one.overlap), tasks.map((one) => one.cosine)],
      sampling,
      { seed, use: 'bootstrap/agreement' },
    )
    return { name, tasks, sampling, change, overlap, cosine }
  })
  const corrected = holm(tested.map(({ change }) => change.p))
  return tested.map((one, i) => ({
    ...one,
    change: { ...one.change, corrected: corrected[i], family: tested.length },
  }))
}
