import { HydraError } from '../../../../shared/errors'
import { cardSchema } from '../../../../shared/schemas/card'
import { MANY_CARDS_PROTOCOL } from '../protocol'
import type { Synset, WordNet } from './wordnet'
import { type Category, type CategorySizes, findCategories, USUAL_SIZES } from './wordnet-categories'
import { mostFrequentSynsets, pickQueries, splitByHash } from './wordnet-corpus'
import type { Split, SynsetQuery, WordNetDataset, WordNetSource, WordNetTask } from './wordnet-source'
import { wordCategory } from './wordnet-wordings'

/** Documents, if nothing is said, and fewest: the published figures are for these. */
const LEAST_DOCUMENTS = 20_000
/** Synsets of WordNet 3.1. */
const WHOLE_WORDNET = 117_791
/** Small categories count where the whole of WordNet is searched (docs/method.md#the-collection-wordnet-finds). */
const SMALLEST_IN_WHOLE = 10
/** A task needs this many queries of each kind … */
const LEAST_TRAIN = 20
const LEAST_TEST = 5
/** … and keeps at most this many of these, so that no large category outweighs the rest. */
const MOST_DEV = 10
const MOST_TEST = 30

/**
 * docs/method.md#the-collection-wordnet-finds. A task asks for the members of a category that are related to a synset outside
 * it: within two WordNet pointers, whatever their kind, the synset in the middle possibly outside the corpus. More documents
 * make more tasks, and another collection under an id of its own.
 */
export function wordNetFinds(documents: number | 'all' = LEAST_DOCUMENTS): WordNetSource {
  const size = documents === 'all' ? WHOLE_WORDNET : documents
  if (!(Number.isInteger(size) && size >= LEAST_DOCUMENTS && size <= WHOLE_WORDNET)) {
    throw new HydraError('USAGE', {
      expected: `${LEAST_DOCUMENTS} to ${WHOLE_WORDNET} documents, or all`,
      got: String(documents),
      remedy: 'Ask for another number, or for none.',
      command: 'hydra datasets import wordnet-finds --documents N',
    })
  }
  const whole = size === WHOLE_WORDNET
  const usual = size === LEAST_DOCUMENTS
  return {
    id: usual ? 'wordnet-finds' : `wordnet-finds-${whole ? 'all' : size}`,
    title: usual ? 'WordNet finds' : `WordNet finds, ${whole ? 'all' : size} documents`,
    protocol: MANY_CARDS_PROTOCOL,
    build: (wordNet) =>
      build(wordNet, size, whole ? { ...USUAL_SIZES, smallest: SMALLEST_IN_WHOLE } : USUAL_SIZES),
    summarise: ({ corpus, tasks }) =>
      `Find the members of a category that are related to a word sense outside it: ${tasks.length} tasks over the ` +
      `${corpus.length} most frequent synsets of WordNet 3.1. Relevant: within two WordNet pointers. The split of ` +
      'the queries (70/10/20 by the hash of the synset id, at most 10 dev and 30 test queries a task) is fixed here and ' +
      'does not depend on the seed of a run.',
  }
}

function build(wordNet: WordNet, size: number, sizes: CategorySizes): WordNetDataset {
  const { synsets } = wordNet
  const corpus = mostFrequentSynsets(wordNet, size)
  const splits = splitByHash(corpus)
  const related = queriesByDocument(corpus, synsets)
  const tasks: WordNetTask[] = []
  for (const category of findCategories(corpus, synsets, sizes)) {
    const queries = queriesOf(category, related, splits)
    if (queries.train.length < LEAST_TRAIN || queries.test.length < LEAST_TEST) continue
    const wordings = wordCategory(category)
    tasks.push({
      card: cardSchema.parse({
        id: category.id,
        name: category.name,
        description: wordings[0],
        wordings,
      }),
      members: category.members,
      queries: {
        train: queries.train,
        dev: pickQueries(queries.dev, MOST_DEV, category.id, corpus),
        test: pickQueries(queries.test, MOST_TEST, category.id, corpus),
      },
    })
  }
  return { corpus, tasks }
}

/**
 * For each corpus row the queries that it is related to: the rows, ascending, from which one or two pointers lead to it,
 * itself not among them. Indexed by document, since a task looks at few documents and all queries.
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
  const queries: Record<Split, SynsetQuery[]> = { train: [], dev: [], test: [] }
  const ascending = [...relevant].sort(([a], [b]) => a - b)
  for (const entry of ascending) queries[splits[entry[0]]].push(entry)
  return queries
}
