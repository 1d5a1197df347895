import { join } from 'node:path'
import { importBeir } from '../../../src/main/engine/datasets/importing/import-beir'
import { createMatrix, type Matrix } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { loadSubject } from '../../../src/main/engine/protocol/load-subject'
import type { DatasetFiles, LintSubject, LintTools } from '../../../src/main/engine/protocol/rule'
import type { HashedSplits } from '../../../src/shared/schemas/dataset'
import { type Files, HEADER, jsonl, writeFolder } from '../datasets/small-dataset'

const WORDS = 300
const random = randomStream(7, 'made dataset')
const text = (length: number) => Array.from({ length }, () => `word${random.integer(WORDS)}`).join(' ')

interface Query {
  readonly _id: string
  readonly text: string
}
const asked = (prefix: string, count: number): Query[] =>
  Array.from({ length: count }, (_, i) => ({ _id: `${prefix}${i}`, text: text(14) }))

export const DOCUMENTS = Array.from({ length: 120 }, (_, i) => ({ _id: `d${i}`, title: '', text: text(12) }))
export const TRAIN = asked('train', 40)
const DEV = asked('dev', 10)
export const TEST = asked('test', 40)

/** Document i answers query i of train, from 40 on dev's and from 60 on test's: by no word that they share. */
export const judge = (queries: readonly Query[], from: number) =>
  HEADER + queries.map(({ _id }, i) => `${_id}\td${from + i}\t1\n`).join('')

/** A collection with nothing wrong in it: 120 documents of random words, all three splits, no document in two of them. */
export function cleanDataset(): Files {
  return {
    'corpus.jsonl': jsonl(DOCUMENTS),
    'queries.jsonl': jsonl([...TRAIN, ...DEV, ...TEST]),
    'qrels/train.tsv': judge(TRAIN, 0),
    'qrels/dev.tsv': judge(DEV, 40),
    'qrels/test.tsv': judge(TEST, 60),
  }
}

/** A dataset as the linter meets it: imported into a workspace under `folder`. @param spoil what happens to it afterwards */
export async function lintSubject(
  folder: string,
  files: Files,
  {
    id = 'made',
    spoil,
    split,
  }: { id?: string; spoil?: (dataset: string) => void; split?: HashedSplits } = {},
): Promise<LintSubject | DatasetFiles> {
  const source = writeFolder(join(folder, 'source'), files)
  const workspace = join(folder, 'workspace')
  await importBeir({ source, id, split, workspace, now: () => new Date(0) })
  const dataset = join(workspace, 'datasets', id)
  spoil?.(dataset)
  return loadSubject(dataset, join(folder, 'no-templates'), 1)
}

/** Vectors that can be made on paper: the words of a text, counted, at length 1. */
export function wordVectors(texts: readonly string[]): Matrix {
  const matrix = createMatrix(texts.length, WORDS)
  texts.forEach((one, row) => {
    const counts = matrix.data.subarray(row * WORDS, (row + 1) * WORDS)
    for (const [, word] of one.matchAll(/word(\d+)/g)) counts[Number(word)]++
    const length = Math.hypot(...counts)
    if (length > 0) counts.set(counts.map((count) => count / length))
  })
  return matrix
}

export function wordTools({ collection }: LintSubject, encoder = 'words'): LintTools {
  return {
    encoder,
    documents: async () => wordVectors([...collection.documents.texts]),
    queries: async (rows) => wordVectors(Array.from(rows, (row) => collection.queries.texts[row])),
  }
}
