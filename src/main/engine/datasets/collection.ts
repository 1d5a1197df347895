import type { TaskCard } from '../../../shared/schemas/card'
import type { ExcludeRule, HashedSplits, Protocol } from '../../../shared/schemas/dataset'
import type { TextList } from './text-list'

/** Graded judgments of one task on one split, in compressed rows: query i has documents[offsets[i] … offsets[i + 1]). */
export interface Judgments {
  /** [n] rows of the collection's queries. */
  readonly queries: Int32Array
  /** [n + 1] */
  readonly offsets: Int32Array
  /** Corpus rows; −1 is a judged document that the corpus lacks: it can't be found but stays in the ideal ranking, as in trec_eval. */
  readonly documents: Int32Array
  /** Linear gains; ≤ 0 is judged not relevant. */
  readonly grades: Float32Array
}

export interface Texts {
  readonly ids: readonly string[]
  readonly texts: readonly string[]
}

interface Documents {
  readonly ids: readonly string[]
  /** In memory or, of a large collection, on disk. */
  readonly texts: TextList
  /** [documents] the title with which the text begins, empty where there is none. */
  readonly titles?: TextList
}

/** A card of a dataset, with what the protocol needs to know about it and the network never sees. */
export interface DatasetCard {
  readonly card: TaskCard
  /** Corpus rows of the set that the card stands for: overlap of these sets decides which cards are held out together. */
  readonly members: Int32Array | null
  /** What the card is put together from, each by name: `relation` and `category`. Cards may share one and differ in another. */
  readonly factors?: Factors
}

type Factors = Readonly<Record<string, string>>

/** A dataset read into memory. */
export interface Collection {
  readonly id: string
  /** Of which it is one corpus; absent for an ordinary collection. */
  readonly family?: string
  readonly title: string
  readonly sha256: string
  readonly exclude: ExcludeRule
  readonly protocol: Protocol
  /** How its judged queries were hashed into its splits at import; absent where it brought them. */
  readonly hashed?: HashedSplits
  /** `texts`: title and text joined by a space, trimmed. */
  readonly documents: Documents
  readonly queries: Texts
  /** [queries] corpus row that must leave the query's ranking, or −1. */
  readonly ownDocument: Int32Array
  readonly cards: readonly DatasetCard[]
  /** judgments[card id][split]; split is `train`, `dev`, `test` or a facet such as `test-supports`. */
  readonly judgments: ReadonlyMap<string, ReadonlyMap<string, Judgments>>
}

/** Task = dataset + card. `id`: the dataset's id where it has one card, else `dataset/card`. */
export interface Task {
  readonly id: string
  readonly collection: Collection
  readonly card: TaskCard
  readonly members: Int32Array | null
  readonly factors?: Factors
  readonly train: Judgments
  readonly dev: Judgments
  readonly test: Judgments
}

export const NO_JUDGMENTS: Judgments = {
  queries: new Int32Array(0),
  offsets: new Int32Array(1),
  documents: new Int32Array(0),
  grades: new Float32Array(0),
}
