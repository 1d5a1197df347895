import { cardSchema } from '../../../../shared/schemas/card'
import type { Protocol } from '../../../../shared/schemas/dataset'
import { MANY_CARDS_PROTOCOL } from '../protocol'
import { RELATES_RELATIONS, type Relation } from './relates-relations'
import type { WordNet } from './wordnet'
import { type Category, findCategories } from './wordnet-categories'
import { mostFrequentSynsets, pickQueries, splitByHash } from './wordnet-corpus'
import { followPath } from './wordnet-paths'
import type { Split, SynsetQuery, WordNetDataset, WordNetSource, WordNetTask } from './wordnet-source'
import { wordRelation } from './wordnet-wordings'

const CORPUS_SIZE = 40_000
const CATEGORY_SIZES = { smallest: 20, largest: 20_000 }
/** A task needs this many queries of each kind … */
const LEAST_TRAIN = 20
const LEAST_TEST = 5
/** … and keeps at most this many of these. */
const MOST_DEV = 10
const MOST_TEST = 15
const PROTOCOL: Protocol = { ...MANY_CARDS_PROTOCOL, testQueriesPerTask: MOST_TEST }

/**
 * docs/method.md#the-collection-wordnet-relates. A card names a relation and a category: relevant are the synsets that stand
 * in the relation to the query and are members of the category. Only queries with something related outside the category too,
 * so that both halves matter.
 */
export const wordNetRelates: WordNetSource = {
  id: 'wordnet-relates',
  title: 'WordNet relates',
  protocol: PROTOCOL,
  build,
  summarise: ({ corpus, tasks }) =>
    `Find what stands in a relation to a word sense, among the members of a category: ${tasks.length} combinations of ` +
    `${new Set(tasks.map(({ factors }) => factors?.relation)).size} relations and ` +
    `${new Set(tasks.map(({ factors }) => factors?.category)).size} categories over the ${corpus.length} most frequent ` +
    'synsets of WordNet 3.1. Each query also has something related outside the category. The split of the queries ' +
    '(70/10/20 by the hash of the synset id, at most 10 dev and 15 test queries a task) is fixed here and does not depend ' +
    'on the seed of a run.',
}

function build(wordNet: WordNet): WordNetDataset {
  const corpus = mostFrequentSynsets(wordNet, CORPUS_SIZE)
  const rows = new Map(corpus.map((id, row) => [id, row]))
  const splits = splitByHash(corpus)
  const categories = findCategories(corpus, wordNet.synsets, CATEGORY_SIZES)
  const tasks: WordNetTask[] = []
  for (const relation of RELATES_RELATIONS) {
    const { counts, queries } = invert(relation, corpus, rows, wordNet)
    for (const category of categories) {
      const task = makeTask(relation, category, { counts, queries, splits, corpus })
      if (task) tasks.push(task)
    }
  }
  return { corpus, tasks }
}

interface Inverted {
  /** [documents] how many documents of the corpus stand in the relation to each query. */
  readonly counts: Int32Array
  /** Per document the queries, ascending, to which it stands in the relation: a task looks at few documents and all queries. */
  readonly queries: readonly (readonly number[])[]
}

function invert(
  { path }: Relation,
  corpus: readonly string[],
  rows: ReadonlyMap<string, number>,
  wordNet: WordNet,
): Inverted {
  const counts = new Int32Array(corpus.length)
  const queries: number[][] = corpus.map(() => [])
  corpus.forEach((synset, query) => {
    for (const target of followPath(path, synset, wordNet)) {
      const row = rows.get(target)
      if (row === undefined) continue
      counts[query]++
      queries[row].push(query)
    }
  })
  return { counts, queries }
}

/** null where too few queries are left. */
function makeTask(
  relation: Relation,
  category: Category,
  {
    counts,
    queries,
    splits,
    corpus,
  }: Inverted & { readonly splits: readonly Split[]; readonly corpus: readonly string[] },
): WordNetTask | null {
  const relevant = new Map<number, number[]>()
  for (const row of category.members) {
    for (const query of queries[row]) {
      const found = relevant.get(query)
      if (found) found.push(row)
      else relevant.set(query, [row])
    }
  }
  const ofSplit: Record<Split, SynsetQuery[]> = { train: [], dev: [], test: [] }
  for (const [query, found] of relevant) {
    if (found.length < counts[query]) ofSplit[splits[query]].push([query, found])
  }
  if (ofSplit.train.length < LEAST_TRAIN || ofSplit.test.length < LEAST_TEST) return null
  const id = `${relation.id}.${category.id}`
  const wordings = wordRelation(relation, category)
  return {
    card: cardSchema.parse({
      id,
      name: `${category.name}: ${relation.name}`,
      description: wordings[0],
      wordings,
    }),
    members: category.members,
    factors: { relation: relation.id, category: category.id },
    queries: {
      train: ofSplit.train.sort(([a], [b]) => a - b),
      dev: pickQueries(ofSplit.dev, MOST_DEV, id, corpus),
      test: pickQueries(ofSplit.test, MOST_TEST, id, corpus),
    },
  }
}
