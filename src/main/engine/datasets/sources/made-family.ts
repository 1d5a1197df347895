import { createHash } from 'node:crypto'
import { type About, QRELS_HEADER } from '../importing/beir-records'
import type { SourceFile, SourceFiles } from '../importing/dataset-layout'

/** One corpus of a family that is made here, each query with the one document that answers it. */
export interface MadeCorpus {
  readonly name: string
  readonly card: { readonly name: string; readonly description: string }
  readonly documents: readonly string[]
  readonly queries: readonly { readonly text: string; readonly document: number }[]
}

/** Of a hundred queries, those of an id's hash below 50 train, up to 60 are dev, the others test. */
const TRAIN = 50n
const DEV = 60n
/** Of what somebody writes about a corpus, the characters that go onto its card. */
const MOST_ABOUT = 300

/** The corpora as files in BEIR layout, in memory: some MB of text. */
export function madeFamily(family: string, about: About, corpora: readonly MadeCorpus[]): SourceFiles {
  const files = new Map<string, SourceFile>()
  const put = (path: string, text: string) => {
    const content = Buffer.from(text)
    const open = async () =>
      (async function* () {
        yield content
      })()
    files.set(`${family}/${path}`, { where: `${family}/${path}`, bytes: content.length, open })
  }
  put('SOURCE.json', JSON.stringify(about))
  for (const { name, card, documents, queries } of corpora) {
    put(`${name}/card.json`, JSON.stringify(card))
    put(`${name}/corpus.jsonl`, jsonLines(documents.map((text, i) => ({ _id: `d${i}`, title: '', text }))))
    put(`${name}/queries.jsonl`, jsonLines(queries.map(({ text }, i) => ({ _id: `q${i}`, text }))))
    const splits = new Map<string, string[]>()
    for (const [i, { document }] of queries.entries()) {
      const split = splitOf(`${family}/${name}/q${i}`)
      splits.set(split, [...(splits.get(split) ?? []), `q${i}\td${document}\t1`])
    }
    for (const [split, lines] of splits)
      put(`${name}/qrels/${split}.tsv`, `${[QRELS_HEADER, ...lines].join('\n')}\n`)
  }
  return { files, close() {} }
}

/** What a card says: the task, then what its makers say of the corpus, cut. */
export function madeCard(name: string, task: string, about: string): MadeCorpus['card'] {
  return { name, description: `${task} ${firstCharacters(about, MOST_ABOUT)}`.trim() }
}

/** By whole characters: half of one is no text. */
export function firstCharacters(text: string, most: number): string {
  return text.length <= most ? text : [...text].slice(0, most).join('')
}

/** White space to single spaces, tags of HTML out. */
export function plainText(html: string): string {
  return html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** By sha1 of the query's full name: the same whatever else a corpus holds. */
function splitOf(query: string): 'train' | 'dev' | 'test' {
  const place = BigInt(`0x${createHash('sha1').update(query).digest('hex')}`) % 100n
  return place < TRAIN ? 'train' : place < DEV ? 'dev' : 'test'
}

function jsonLines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}
