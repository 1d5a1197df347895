import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { TaskCard } from '../../shared/schemas/card'
import type { DatasetRecord, TaskSummary } from '../../shared/schemas/dataset'
import { templateCard } from '../engine/datasets/card-template'
import { datasetCardSchema, readJsonLines, readJudgments } from '../engine/datasets/importing/beir-records'
import type { SourceFile } from '../engine/datasets/importing/dataset-layout'

/** Splits that a summary counts; facets such as `test-supports` are parts of these. */
const SPLITS = ['train', 'dev', 'test'] as const

/** A card of a dataset, with what it is put together from where it is. */
interface NamedCard {
  readonly card: TaskCard
  readonly factors?: Readonly<Record<string, string>>
}

/** The cards of a dataset without its texts and judgments: enough to name its tasks. */
export async function readDatasetCards(
  folder: string,
  record: DatasetRecord,
  templatesFolder: string,
): Promise<NamedCard[]> {
  const path = join(folder, 'cards.jsonl')
  if (!(await stat(path).catch(() => null))) return [{ card: await templateCard(record, templatesFolder) }]
  const cards: NamedCard[] = []
  for await (const { records } of readJsonLines(await fileAt(path), datasetCardSchema)) {
    for (const { value } of records) cards.push({ card: value.card, factors: value.factors })
    // What the stream has read ahead comes without a pause: hundreds of cards would hold the host up.
    await new Promise(setImmediate)
  }
  return cards
}

/** Each task with its number of queries per split; streamed, so that a large qrels file never holds the host up. */
export async function readTaskSummaries(
  folder: string,
  record: DatasetRecord,
  templatesFolder: string,
): Promise<TaskSummary[]> {
  const cards = await readDatasetCards(folder, record, templatesFolder)
  const counts = new Map<string, Map<string, number>>()
  for (const split of SPLITS)
    counts.set(split, await countQueries(join(folder, 'qrels'), split, cards[0].card.id))
  return cards.map(({ card, factors }) => ({
    id: cards.length === 1 ? record.id : `${record.id}/${card.id}`,
    name: card.name,
    description: card.description,
    ...(factors ? { factors } : {}),
    train: counts.get('train')?.get(card.id) ?? 0,
    dev: counts.get('dev')?.get(card.id) ?? 0,
    test: counts.get('test')?.get(card.id) ?? 0,
  }))
}

/** Distinct queries of a split by card; a file without a card column belongs to the only card. */
async function countQueries(qrels: string, split: string, onlyCard: string): Promise<Map<string, number>> {
  const queries = new Map<string, Set<string>>()
  if (!(await readdir(qrels)).includes(`${split}.tsv`)) return new Map()
  for await (const { judgments } of readJudgments(await fileAt(join(qrels, `${split}.tsv`)))) {
    for (const judgment of judgments) {
      if (!judgment) continue
      const card = judgment.card ?? onlyCard
      const known = queries.get(card)
      if (known) known.add(judgment.query)
      else queries.set(card, new Set([judgment.query]))
    }
  }
  return new Map([...queries].map(([card, ids]) => [card, ids.size]))
}

async function fileAt(path: string): Promise<SourceFile> {
  const { size } = await stat(path)
  return { where: path, bytes: size, open: async () => createReadStream(path) }
}
