import { cardSchema } from '../../../../shared/schemas/card'
import { ORDINARY_PROTOCOL } from '../protocol'
import type { WordNet } from './wordnet'
import { mostFrequentSynsets, splitByHash } from './wordnet-corpus'
import {
  DERIVATIONS,
  followPath,
  HYPERNYMS,
  HYPONYMS,
  PARTS,
  WHOLES,
  type WordNetPath,
} from './wordnet-paths'
import type { Split, SynsetQuery, WordNetDataset, WordNetSource } from './wordnet-source'

const CORPUS_SIZE = 9000

interface Relation {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly path: WordNetPath
}

/** Twelve meanings of "relevant": docs/method.md#the-collection-wordnet-relations. */
const RELATIONS: readonly Relation[] = [
  {
    id: 'hypernym',
    name: 'broader term (hypernym)',
    description: 'find the broader term (hypernym) of the query',
    path: [HYPERNYMS],
  },
  {
    id: 'hyponym',
    name: 'narrower terms (hyponyms)',
    description: 'find the narrower terms, the kinds (hyponyms) of the query',
    path: [HYPONYMS],
  },
  {
    id: 'derivation',
    name: 'derivationally related forms',
    description: 'find the derivationally related forms of the query',
    path: [DERIVATIONS],
  },
  {
    id: 'sibling',
    name: 'siblings',
    description: 'find the siblings of the query, other kinds of the same broader term',
    path: [HYPERNYMS, HYPONYMS],
  },
  {
    id: 'similar',
    name: 'similar adjectives',
    description: 'find the adjectives similar in meaning to the query',
    path: [['&']],
  },
  {
    id: 'antonym',
    name: 'opposite (antonym)',
    description: 'find the opposite (antonym) of the query',
    path: [['!']],
  },
  {
    id: 'also',
    name: 'see also',
    description: 'find what one should see also for the query',
    path: [['^']],
  },
  {
    id: 'verb-group',
    name: 'verb group',
    description: 'find the verbs of the same group as the query',
    path: [['$']],
  },
  {
    id: 'topic',
    name: 'topic or field',
    description: 'find the topic or field to which the query belongs',
    path: [[';c']],
  },
  {
    id: 'whole',
    name: 'whole (holonym)',
    description: 'find the whole of which the query is a part or member',
    path: [WHOLES],
  },
  {
    id: 'attribute',
    name: 'attribute or its values',
    description: 'find the attribute of which the query is a value, or its values',
    path: [['=']],
  },
  {
    id: 'part',
    name: 'parts (meronyms)',
    description: 'find the parts, members or substances of the query',
    path: [PARTS],
  },
]

/**
 * docs/method.md#the-collection-wordnet-relations. One corpus, and the card alone says what counts as relevant. Nothing that
 * a card shows is hidden: its examples are train queries, and train and test queries are different synsets for all cards.
 */
export const wordNetRelations: WordNetSource = {
  id: 'wordnet-relations',
  title: 'WordNet relations',
  protocol: ORDINARY_PROTOCOL,
  build,
  summarise: ({ corpus, tasks }) =>
    `Find the synsets that stand in the card's relation to the query: ${tasks.length} relations over the ` +
    `${corpus.length} most frequent synsets of WordNet 3.1. The split of the queries (70/10/20 by the hash of the synset ` +
    'id, the same for all relations, all of them tested) is fixed here and does not depend on the seed of a run.',
}

function build(wordNet: WordNet): WordNetDataset {
  const corpus = mostFrequentSynsets(wordNet, CORPUS_SIZE)
  const splits = splitByHash(corpus)
  const rows = new Map(corpus.map((id, row) => [id, row]))
  return {
    corpus,
    tasks: RELATIONS.map(({ id, name, description, path }) => {
      const queries: Record<Split, SynsetQuery[]> = { train: [], dev: [], test: [] }
      corpus.forEach((synset, query) => {
        const relevant = [...followPath(path, synset, wordNet)].flatMap((target) => rows.get(target) ?? [])
        if (relevant.length > 0) queries[splits[query]].push([query, relevant.sort((a, b) => a - b)])
      })
      // A relation is no set of documents: that two relations lead to the same ones does not make them alike.
      return { card: cardSchema.parse({ id, name, description }), members: new Int32Array(0), queries }
    }),
  }
}
