import type { TaskCard } from '../../../../shared/schemas/card'
import type { Protocol } from '../../../../shared/schemas/dataset'
import type { WordNet } from './wordnet'

export const SPLITS = ['train', 'dev', 'test'] as const
export type Split = (typeof SPLITS)[number]

/** A query and what answers it, all of them rows of the corpus: the query of a synset is its document's text. */
export type SynsetQuery = readonly [query: number, relevant: readonly number[]]

export interface WordNetTask {
  readonly card: TaskCard
  /** Corpus rows of the set that the card stands for; empty where it stands for none. */
  readonly members: Int32Array
  /** What the card is put together from; absent where it is of one piece. */
  readonly factors?: Readonly<Record<string, string>>
  readonly queries: Readonly<Record<Split, readonly SynsetQuery[]>>
}

export interface WordNetDataset {
  /** Synset ids, the most frequent first. */
  readonly corpus: readonly string[]
  readonly tasks: readonly WordNetTask[]
}

/** A collection that is made of WordNet. Nothing in it depends on the seed of a run: everyone builds the same bytes. */
export interface WordNetSource {
  /** Its id in the workspace. */
  readonly id: string
  readonly title: string
  readonly protocol: Protocol
  build(wordNet: WordNet): WordNetDataset
  summarise(dataset: WordNetDataset): string
}
