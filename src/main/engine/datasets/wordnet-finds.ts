import { createHash } from 'node:crypto'
import { PARTS_OF_SPEECH, type Synset, type WordNet } from './wordnet'
import { type Category, findCategories } from './wordnet-categories'

const CORPUS_SIZE = 20_000
/** Shares of the synsets whose queries train and tune; the rest test. */
const TRAIN_SHARE = 0.7
const DEV_SHARE = 0.1
/** A task needs this many queries of each kind … */
const LEAST_TRAIN = 20
const LEAST_TEST = 5
/** … and keeps at most this many of these, so that no large category outweighs the rest. */
const MOST_DEV = 10
const MOST_TEST = 30

export const SPLITS = ['train', 'dev', 'test'] as const
export type Split = (typeof SPLITS)[number]

export interface FindsTask {
  readonly category: Category
  /** Per split: query rows with the rows of their relevant documents. Queries are documents of the corpus. */
  readonly queries: Readonly<
    Record<Split, readonly (readonly [query: number, relevant: readonly number[]])[]>
  >
}

export interface WordNetFinds {
  /** Synset ids, the most frequent first. */
  readonly corpus: readonly string[]
  readonly tasks: readonly FindsTask[]
}

/**
 * The collection `wordnet-finds` (METHOD 1b). A task asks for the members of a category that are related to a synset
 * outside it: within two WordNet pointers, whatever their kind, the synset in the middle possibly outside the corpus.
 * Nothing here depends on a seed of a run: a query is train, dev or test by the hash of its synset's id, for all tasks.
 */
export function buildWordNetFinds({ synsets, tagCount }: WordNet): WordNetFinds {
  const corpus = mostFrequent(synsets, tagCount)
  const splits = splitByHash(corpus)
  const related = queriesByDocument(corpus, synsets)
  const tasks: FindsTask[] = []
  for (const category of findCategories(corpus, synsets)) {
    const queries = queriesOf(category, related, splits)
    if (queries.train.length < LEAST_TRAIN || queries.test.length < LEAST_TEST) continue
    tasks.push({
      category,
      queries: {
        train: queries.train,
        dev: pick(queries.dev, MOST_DEV, category, corpus),
        test: pick(queries.test, MOST_TEST, category, corpus),
      },
    })
  }
  return { corpus, tasks }
}

/** `lemma, lemma: gloss` */
export function synsetText({ lemmas, gloss }: Synset): string {
  return `${lemmas.join(', ')}: ${gloss}`
}

/** The synsets with the largest tag counts; ties by part of speech, then offset. */
function mostFrequent(synsets: ReadonlyMap<string, Synset>, tagCount: (id: string) => number): string[] {
  const keyed = [...synsets.keys()].map((id) => ({
    id,
    count: tagCount(id),
    part: (PARTS_OF_SPEECH as readonly string[]).indexOf(id[0]),
  }))
  keyed.sort((a, b) => b.count - a.count || a.part - b.part || (a.id < b.id ? -1 : 1))
  return keyed.slice(0, CORPUS_SIZE).map(({ id }) => id)
}

/** The split of each corpus row: the synsets in order of sha1(id), cut at 70 % and 80 %. */
function splitByHash(corpus: readonly string[]): Split[] {
  const order = corpus.map((id, row) => ({ row, hash: sha1(id) })).sort((a, b) => (a.hash < b.hash ? -1 : 1))
  const splits: Split[] = new Array(corpus.length)
  order.forEach(({ row }, rank) => {
    const share = rank / corpus.length
    splits[row] = share < TRAIN_SHARE ? 'train' : share < TRAIN_SHARE + DEV_SHARE ? 'dev' : 'test'
  })
  return splits
}

/**
 * For each corpus row the queries that it is related to: the rows, ascending, from which one or two pointers lead to it,
 * itself not among them. Kept by document, since a task looks at few documents and all queries.
 */
function queriesByDocument(corpus: readonly string[], synsets: ReadonlyMap<string, Synset>): number[][] {
  const rows = new Map(corpus.map((id, row) => [id, row]))
  const queries: number[][] = corpus.map(() => [])
  corpus.forEach((id, query) => {
    const reached = new Set<string>()
    for (const { target } of synsets.get(id)!.pointers) {
      reached.add(target)
      for (const further of synsets.get(target)!.pointers) reached.add(further.target)
    }
    for (const target of reached) {
      const row = rows.get(target)
      if (row !== undefined && row !== query) queries[row].push(query)
    }
  })
  return queries
}

function queriesOf(category: Category, related: readonly (readonly number[])[], splits: readonly Split[]) {
  const members = new Set(category.members)
  const relevant = new Map<number, number[]>()
  for (const row of category.members) {
    for (const query of related[row]) {
      if (members.has(query)) continue
      const rows = relevant.get(query)
      if (rows) rows.push(row)
      else relevant.set(query, [row])
    }
  }
  const queries: Record<Split, [number, number[]][]> = { train: [], dev: [], test: [] }
  const ascending = [...relevant].sort(([a], [b]) => a - b)
  for (const entry of ascending) queries[splits[entry[0]]].push(entry)
  return queries
}

/** At most `most` of the queries, by the smallest sha1(category id / synset id), in corpus order. */
function pick<Query extends readonly [number, readonly number[]]>(
  queries: readonly Query[],
  most: number,
  category: Category,
  corpus: readonly string[],
): Query[] {
  return queries
    .map((query) => ({ query, hash: sha1(`${category.id}/${corpus[query[0]]}`) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, most)
    .map(({ query }) => query)
    .sort((a, b) => a[0] - b[0])
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
