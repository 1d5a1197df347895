import { createHash } from 'node:crypto'
import { PARTS_OF_SPEECH, type Synset, type WordNet } from './wordnet'
import type { Split, SynsetQuery } from './wordnet-source'

/** Shares of the synsets whose queries train and tune; the rest test. */
const TRAIN_SHARE = 0.7
const DEV_SHARE = 0.1

/** `lemma, lemma: gloss` */
export function synsetText({ lemmas, gloss }: Synset): string {
  return `${lemmas.join(', ')}: ${gloss}`
}

/** The `size` synsets with the largest tag counts; ties by part of speech, then offset. */
export function mostFrequentSynsets({ synsets, tagCount }: WordNet, size: number): string[] {
  const keyed = [...synsets.keys()].map((id) => ({
    id,
    count: tagCount(id),
    part: (PARTS_OF_SPEECH as readonly string[]).indexOf(id[0]),
  }))
  keyed.sort((a, b) => b.count - a.count || a.part - b.part || (a.id < b.id ? -1 : 1))
  return keyed.slice(0, size).map(({ id }) => id)
}

/** The split of each corpus row, for all tasks: the synsets in order of sha1(id), cut at 70 % and 80 %. */
export function splitByHash(corpus: readonly string[]): Split[] {
  const order = corpus.map((id, row) => ({ row, hash: sha1(id) })).sort((a, b) => (a.hash < b.hash ? -1 : 1))
  const splits: Split[] = new Array(corpus.length)
  order.forEach(({ row }, rank) => {
    const share = rank / corpus.length
    splits[row] = share < TRAIN_SHARE ? 'train' : share < TRAIN_SHARE + DEV_SHARE ? 'dev' : 'test'
  })
  return splits
}

/** At most `most` of the queries, by the smallest sha1(card id / synset id), in corpus order. */
export function pickQueries(
  queries: readonly SynsetQuery[],
  most: number,
  card: string,
  corpus: readonly string[],
): SynsetQuery[] {
  return queries
    .map((query) => ({ query, hash: sha1(`${card}/${corpus[query[0]]}`) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, most)
    .map(({ query }) => query)
    .sort((a, b) => a[0] - b[0])
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
