import { throwIfCancelled } from '../../../shared/errors'
import type { Normalisation } from '../../../shared/normalisation'
import type { AffineHead } from '../hypernet/head'
import { createMatrix, gatherRows, type Matrix, row, stackRows } from '../numeric/matrix'
import type { EncodedCollection, EncodedTask } from '../preferences/encoded-collection'
import { type CorpusIndex, matching, type Ranking, rankRow, rowsAtOnce } from '../retrieval/corpus-index'
import { type Fusion, fusionOf } from '../retrieval/fusion'
import { type MovedCorpora, movedCorpora } from './corpus-heads'
import type { ShownCard } from './shown-card'
import { type FusedSystem, isFused, type System } from './system'

/** One task's queries, to be ranked by every system. */
export interface RankingOrder {
  readonly task: EncodedTask
  readonly card: ShownCard
  /** Query rows of the collection. */
  readonly queries: Int32Array
  /** Documents that no query of the task may find. */
  readonly hidden: readonly number[]
}

export interface RankSystemsOptions {
  readonly systems: readonly System[]
  readonly depth: number
  index(task: EncodedTask): Promise<CorpusIndex>
  /** BM25 of a query row with every document, [documents]; needed by lexical and fused systems. */
  lexical?(task: EncodedTask, query: number): Float32Array
  readonly signal?: AbortSignal
  /** Scores held at once; as many as the index itself holds unless said. */
  readonly blockValues?: number
  /** Seconds on a clock that only goes forward. */
  readonly clock?: () => number
}

export interface RankedOrder {
  readonly order: RankingOrder
  /** [systems][queries] */
  readonly rankings: Ranking[][]
  /** In which all systems ranked the order's queries; a block that several orders share counts by their queries. */
  readonly seconds: number
}

interface Piece {
  readonly order: RankingOrder
  /** Range of the order's queries. */
  readonly from: number
  readonly to: number
  /** Per system, filled query by query. */
  readonly rankings: Ranking[][]
}

/**
 * Rankings of each order in turn, [systems][queries], each order as soon as its last query is ranked. Scores are
 * q·D for the queries, s·D for the shifts (added: (q + s)·D), and one row a query for every other system.
 */
export async function* rankSystems(
  orders: Iterable<RankingOrder>,
  options: RankSystemsOptions,
): AsyncGenerator<RankedOrder, void, void> {
  const { systems, clock = () => performance.now() / 1000 } = options
  const shifts = systems.filter((system) => 'shift' in system).length
  const transforms = systems.filter((system) => 'transform' in system).length
  let pieces: Piece[] = []
  let rows = 0
  let collection: EncodedCollection | undefined
  const moved = movedCorpora()
  const spent = new Map<RankingOrder, number>()
  async function* flush() {
    if (pieces.length === 0) return
    throwIfCancelled(options.signal)
    const started = clock()
    await rankPieces(pieces, moved, options)
    const perQuery = (clock() - started) / pieces.reduce((sum, { from, to }) => sum + to - from, 0)
    // ONNX Runtime answers without leaving the turn: lets messages through, progress out and cancel in.
    await new Promise(setImmediate)
    for (const { order, from, to, rankings } of pieces) {
      const seconds = (spent.get(order) ?? 0) + perQuery * (to - from)
      spent.set(order, seconds)
      if (to === order.queries.length) yield { order, rankings, seconds }
    }
    pieces = []
    rows = 0
  }
  try {
    for (const order of orders) {
      if (order.task.encoded !== collection) yield* flush()
      collection = order.task.encoded
      // A product of few rows reads the whole corpus for little, so tasks share one.
      const most = Math.max(shifts + transforms + 1, rowsAtOnce(collection.documents, options.blockValues))
      const rankings: Ranking[][] = systems.map(() => [])
      for (let from = 0; from < order.queries.length; ) {
        const free = Math.floor((most - rows - shifts) / (1 + transforms))
        if (free < 1) {
          yield* flush()
          continue
        }
        const to = Math.min(order.queries.length, from + free)
        pieces.push({ order, from, to, rankings })
        rows += shifts + (to - from) * (1 + transforms)
        from = to
      }
      if (order.queries.length === 0) yield { order, rankings, seconds: 0 }
    }
    yield* flush()
  } finally {
    await moved.dispose()
  }
}

async function rankPieces(
  pieces: readonly Piece[],
  corpora: MovedCorpora,
  options: RankSystemsOptions,
): Promise<void> {
  const { systems } = options
  const asked: { queries: Matrix; moved: (Matrix | null)[]; heads: (AffineHead | null)[] }[] = []
  for (const { order, from, to } of pieces) {
    const { task, card } = order
    const queries = gatherRows(task.encoded.queries, order.queries.subarray(from, to))
    const moved: (Matrix | null)[] = []
    for (const system of systems) {
      const shift = 'shift' in system ? system.shift(task, card) : null
      moved.push(
        'transform' in system
          ? await system.transform(task, card, queries)
          : shift && createMatrix(1, shift.length, shift),
      )
    }
    const heads = systems.map((system) =>
      'transform' in system ? (system.documentHead?.(task, card) ?? null) : null,
    )
    asked.push({ queries, moved, heads })
  }
  const corpus = await options.index(pieces[0].order.task)
  const stacked = asked.flatMap(({ queries, moved, heads }) => [
    queries,
    ...moved.filter((rows, a) => rows !== null && heads[a] === null),
  ]) as Matrix[]
  const scores = await corpus.score(stackRows(stacked))
  let next = 0
  for (let p = 0; p < pieces.length; p++) {
    const { queries, moved, heads } = asked[p]
    const base = next
    next += queries.rows
    const firsts = moved.map((rows, a) => {
      const first = next
      const stackedRows = rows && heads[a] === null ? rows.rows : 0
      next += stackedRows
      return stackedRows > 0 ? first : -1
    })
    const own: (Matrix | null)[] = []
    for (let a = 0; a < systems.length; a++) {
      const head = heads[a]
      own.push(head ? await corpora.score(systems[a], pieces[p].order.task, head, moved[a]!) : null)
    }
    rankPiece(pieces[p], { scores, base, firsts, own }, corpus, options)
  }
}

/**
 * @param places rows of the scores: of the piece's queries, and of each system's own vectors (−1: it has none there); `own` are
 * the scores of systems that move the documents too
 */
function rankPiece(
  { order, from, to, rankings }: Piece,
  places: {
    readonly scores: Matrix
    readonly base: number
    readonly firsts: readonly number[]
    readonly own: readonly (Matrix | null)[]
  },
  corpus: CorpusIndex,
  { systems, depth, lexical }: RankSystemsOptions,
): void {
  const { scores, base, firsts, own: moved } = places
  const own = order.task.task.collection.ownDocument
  const line = new Float32Array(scores.columns)
  const words = systems.some((system) => 'lexical' in system || isFused(system))
  const scoreLine = (system: System, i: number, bm25: Float32Array | undefined) => {
    const a = systems.indexOf(system)
    const first = firsts[a]
    const reindexed = moved[a]
    if (reindexed) line.set(row(reindexed, i))
    else if ('transform' in system) line.set(row(scores, first + i))
    else if ('shift' in system) {
      line.set(row(scores, base + i))
      if (first >= 0) add(line, row(scores, first))
    } else if ('lexical' in system) line.set(bm25!)
  }
  for (let i = 0; i < to - from; i++) {
    const query = order.queries[from + i]
    const bm25 = words ? lexical!(order.task, query) : undefined
    const excluded = [own[query], ...order.hidden]
    // Settings of one system follow one another: what does not depend on the share is made once for them.
    let last: FusedSystem | undefined
    let fused: Fusion | undefined
    for (let a = 0; a < systems.length; a++) {
      const system = systems[a]
      if ('list' in system) {
        rankings[a].push(without(system.list(order.task, query), new Set(excluded), depth))
      } else if (isFused(system)) {
        const { base, normalisation } = system
        if (!fused || last?.base !== base || last.normalisation !== normalisation) {
          scoreLine(base, i, bm25)
          const rows = fusible([line, bm25!], excluded, normalisation)
          fused = fusionOf(rows, { normalisation, tieOrder: corpus.tieOrder })
        }
        last = system
        const share = system.share(order.task, order.card)
        rankings[a].push(rankRow(fused([1 - share, share]), depth, corpus.tieOrder, excluded))
      } else {
        scoreLine(system, i, bm25)
        const ranking = rankRow(line, depth, corpus.tieOrder, excluded)
        rankings[a].push('lexical' in system ? matching(ranking) : ranking)
      }
    }
  }
}

/**
 * Copies without the documents that may not be found, the query's own above all: it would be the end of the scale. z-scores
 * count them, as they always did.
 */
function fusible(
  rows: readonly Float32Array[],
  excluded: readonly number[],
  normalisation: Normalisation,
): Float32Array[] {
  return rows.map((scores) => {
    const copy = scores.slice()
    if (normalisation === 'min-max')
      for (const document of excluded) if (document >= 0) copy[document] = Number.NEGATIVE_INFINITY
    return copy
  })
}

/** The first documents of a list that a query may find. */
function without({ documents, scores }: Ranking, excluded: ReadonlySet<number>, depth: number): Ranking {
  const kept: number[] = []
  for (let place = 0; place < documents.length && kept.length < depth; place++)
    if (!excluded.has(documents[place])) kept.push(place)
  return {
    documents: Int32Array.from(kept, (place) => documents[place]),
    scores: Float32Array.from(kept, (place) => scores[place]),
  }
}

function add(to: Float32Array, values: Float32Array): void {
  for (let i = 0; i < to.length; i++) to[i] += values[i]
}
