import type { CardMeans, CardVectors } from '../hypernet/card-vectors'
import type { Hypernetwork } from '../hypernet/hypernetwork'
import { createMatrix, dot, gatherRows, type Matrix, meanRow, normalizeInPlace, row } from '../numeric/matrix'
import { type EncodedTask, relevantDocuments } from '../preferences/encoded-collection'
import { topK } from '../retrieval/top-k'

/** What a network makes of its cards. */
export interface Health {
  /** Cards looked at. */
  readonly cards: number
  /** Mean pairwise cosine of what their heads do to the same queries, f(x) − x; null for fewer than two heads that do anything. */
  readonly cosine: number | null
  /** Participation ratio (tr G)² / tr G² of the Gram matrix of these heads: 1 where all are alike, `cards` where none is like another. */
  readonly effectiveRank: number | null
  /** Mean ‖f(x) − x‖ */
  readonly shift: number
  /** Mean share of the frozen first ten documents that stay among the first ten, dev queries over a sample of the corpus. */
  readonly overlap: number | null
}

export interface HealthMonitor {
  measure(network: Hypernetwork): Health
}

const MOST_CARDS = 16
const PROBES = 16
const SHOWN_EXAMPLES = 8
const OVERLAP_TASKS = 4
const OVERLAP_QUERIES = 8
const OVERLAP_DOCUMENTS = 2000
const OVERLAP_DEPTH = 10
/** A head that moves a unit vector less than this does nothing yet; its direction is noise. */
const LEAST_SHIFT = 1e-4
const ALIKE = 0.98

interface Sample {
  readonly card: CardVectors
  readonly means: CardMeans
}

interface OverlapSample extends Sample {
  readonly queries: Matrix
  readonly documents: Matrix
  /** Per query, the frozen first ten. */
  readonly frozen: readonly ReadonlySet<number>[]
}

/**
 * Watches whether a network still tells its cards apart. All of it is a fixed sample, so that measurements compare over a
 * training, and small: tens of milliseconds each. Heads are compared by what they do to the same queries, which asks
 * nothing about their form.
 */
export function createHealthMonitor(
  tasks: readonly EncodedTask[],
  descriptionMean: Float32Array,
): HealthMonitor {
  const sampleOf = (task: EncodedTask): Sample => ({
    card: { ...shownCard(task), id: task.task.id },
    means: {
      description: descriptionMean,
      ...task.encoded.centre,
    },
  })
  const chosen = spread(tasks, MOST_CARDS)
  const samples = chosen.map(sampleOf)
  const probes = probeQueries(chosen)
  const overlaps = spread(
    tasks.filter(({ task }) => task.dev.queries.length > 0),
    OVERLAP_TASKS,
  ).map((task) => overlapSample(task, sampleOf(task)))

  return {
    measure(network) {
      const moves = samples.map(({ card, means }) =>
        difference(network.transform(card, means, probes), probes),
      )
      const lengths = moves.map((move) => Math.sqrt(dot(move, move) / PROBES))
      const shift = lengths.reduce((sum, length) => sum + length, 0) / lengths.length
      const live = moves.filter((_, i) => lengths[i] > LEAST_SHIFT).map(normalizeInPlace)
      return { cards: samples.length, ...likeness(live), shift, overlap: meanOverlap(network, overlaps) }
    },
  }
}

/** What to say of heads that have become alike, or null where they have not. */
export function collapseWarning({ cards, cosine, effectiveRank }: Health): string | null {
  if (cards < 3 || cosine === null || effectiveRank === null || !(cosine >= ALIKE)) return null
  return (
    `the heads of ${cards} cards are nearly alike (mean cosine ${cosine.toFixed(3)}, effective rank ` +
    `${effectiveRank.toFixed(2)} of ${cards}): this network hardly looks at its card. To try: a smaller identity penalty, ` +
    'fresh exemplars on more training cards, wrong-card negatives, or tasks that differ more; compare with the no card row.'
  )
}

/** Mean cosine over pairs and participation ratio of unit vectors. */
function likeness(units: readonly Float32Array[]): Pick<Health, 'cosine' | 'effectiveRank'> {
  const n = units.length
  if (n < 2) return { cosine: null, effectiveRank: null }
  let sum = 0
  let squares = n
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const cosine = dot(units[i], units[j])
      sum += cosine
      squares += 2 * cosine * cosine
    }
  }
  return { cosine: (2 * sum) / (n * (n - 1)), effectiveRank: (n * n) / squares }
}

function meanOverlap(network: Hypernetwork, samples: readonly OverlapSample[]): number | null {
  let sum = 0
  let count = 0
  for (const { card, means, queries, documents, frozen } of samples) {
    const moved = network.transform(card, means, queries)
    // A head that changes the number of dimensions needs its own document vectors: nothing to compare here.
    if (moved.columns !== documents.columns) return null
    firstTen(moved, documents).forEach((top, i) => {
      const kept = [...top].filter((document) => frozen[i].has(document)).length
      sum += kept / frozen[i].size
      count++
    })
  }
  return count > 0 ? sum / count : null
}

function overlapSample(task: EncodedTask, sample: Sample): OverlapSample {
  const { encoded } = task
  const queries = gatherRows(encoded.queries, spread([...task.task.dev.queries], OVERLAP_QUERIES))
  const every = Array.from({ length: encoded.documents.rows }, (_, document) => document)
  const documents = gatherRows(encoded.documents, spread(every, OVERLAP_DOCUMENTS))
  return { ...sample, queries, documents, frozen: firstTen(queries, documents) }
}

function firstTen(queries: Matrix, documents: Matrix): Set<number>[] {
  const order = Int32Array.from({ length: documents.rows }, (_, document) => document)
  const scores = new Float32Array(documents.rows)
  return Array.from({ length: queries.rows }, (_, q) => {
    const query = row(queries, q)
    for (let document = 0; document < scores.length; document++)
      scores[document] = dot(query, row(documents, document))
    return new Set(topK(scores, OVERLAP_DEPTH, order))
  })
}

/** A card with the task's first examples: always the same. */
function shownCard(task: EncodedTask): CardVectors {
  const { encoded } = task
  const { train } = task.task
  const queries: number[] = []
  const documents: number[] = []
  for (let i = 0; i < train.queries.length && queries.length < SHOWN_EXAMPLES; i++) {
    const [first] = relevantDocuments(task.task, train, i)
    if (first === undefined) continue
    queries.push(train.queries[i])
    documents.push(first)
  }
  return {
    description: task.description,
    queries: queries.length > 0 ? meanRow(encoded.queries, queries) : encoded.centre.queries,
    documents: documents.length > 0 ? meanRow(encoded.documents, documents) : encoded.documentMean,
    corpus: encoded.documentMean,
  }
}

/** Train queries, the same number of each task. */
function probeQueries(tasks: readonly EncodedTask[]): Matrix {
  const columns = tasks[0].encoded.queries.columns
  const probes = createMatrix(PROBES, columns)
  for (let i = 0; i < PROBES; i++) {
    const { encoded, task } = tasks[i % tasks.length]
    const { queries } = task.train
    row(probes, i).set(row(encoded.queries, queries[Math.floor(i / tasks.length) % queries.length]))
  }
  return probes
}

/** y − x where both have the same columns, else y. */
function difference(y: Matrix, x: Matrix): Float32Array {
  const out = y.data.slice()
  if (y.columns === x.columns) for (let i = 0; i < out.length; i++) out[i] -= x.data[i]
  return out
}

/** At most `count` items at even distances, the first among them. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items]
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)])
}
