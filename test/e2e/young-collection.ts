import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A collection small enough to train on in seconds, yet one that a head can learn: queries name an animal's young,
 * documents describe the animal.
 */
const PAIRS = [
  ['puppy', 'dog'],
  ['kitten', 'cat'],
  ['calf', 'cow'],
  ['foal', 'horse'],
  ['lamb', 'sheep'],
  ['piglet', 'pig'],
  ['chick', 'hen'],
  ['duckling', 'duck'],
  ['cub', 'bear'],
  ['tadpole', 'frog'],
  ['cygnet', 'swan'],
  ['fawn', 'deer'],
  ['joey', 'kangaroo'],
  ['kid', 'goat'],
  ['leveret', 'hare'],
  ['gosling', 'goose'],
] as const
const PHRASES = ['a young', 'where does a', 'picture of a', 'story about a']

/** Writes it in BEIR layout. */
export async function writeCollection(folder: string): Promise<void> {
  const jsonl = (rows: object[]) => `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`
  const queries = PHRASES.flatMap((phrase, turn) =>
    PAIRS.map(([young], index) => ({ _id: `q${turn}-${index}`, text: `${phrase} ${young}` })),
  )
  const judgments = (turns: number[]) =>
    `query-id\tcorpus-id\tscore\n${turns.flatMap((turn) => PAIRS.map((_, index) => `q${turn}-${index}\td${index}\t1\n`)).join('')}`
  await mkdir(join(folder, 'qrels'), { recursive: true })
  await writeFile(
    join(folder, 'corpus.jsonl'),
    jsonl(
      PAIRS.map(([, animal], index) => ({
        _id: `d${index}`,
        title: animal,
        text: `The ${animal} is an animal that people have known for a long time.`,
      })),
    ),
  )
  await writeFile(join(folder, 'queries.jsonl'), jsonl(queries))
  await writeFile(join(folder, 'qrels', 'train.tsv'), judgments([0, 1]))
  await writeFile(join(folder, 'qrels', 'dev.tsv'), judgments([2]))
  await writeFile(join(folder, 'qrels', 'test.tsv'), judgments([3]))
}

/** Documents that take long enough to encode that one sees how far it is. */
export async function writeLongCollection(folder: string): Promise<void> {
  const text = (row: number) =>
    Array.from({ length: 120 }, (_, i) => PAIRS[(row * 7 + i * (1 + (row % 5))) % PAIRS.length][i % 2]).join(
      ' ',
    )
  const documents = Array.from({ length: 1500 }, (_, row) => ({
    _id: `l${row}`,
    title: `animals ${row}`,
    text: text(row),
  }))
  await mkdir(join(folder, 'qrels'), { recursive: true })
  await writeFile(join(folder, 'corpus.jsonl'), documents.map((one) => `${JSON.stringify(one)}\n`).join(''))
  await writeFile(join(folder, 'queries.jsonl'), `${JSON.stringify({ _id: 'q', text: 'which animals' })}\n`)
  await writeFile(join(folder, 'qrels', 'test.tsv'), 'query-id\tcorpus-id\tscore\nq\tl0\t1\n')
}
