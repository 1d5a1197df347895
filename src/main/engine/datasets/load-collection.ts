import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetRecord, ExcludeRule } from '../../../shared/schemas/dataset'
import { templateCard } from './card-template'
import type { Collection, DatasetCard, Judgments } from './collection'
import { readDatasetRecord } from './dataset-record'
import { drawExemplars, exampleTexts } from './exemplars'
import { datasetCardSchema, querySchema, readJsonLines, readJudgments } from './importing/beir-records'
import { JudgmentTable } from './judgment-table'
import { changed, fileOf, readDocuments, readTexts } from './load-texts'
import { ownDocumentId } from './own-document'
import { protocolOf } from './protocol'
import { listTasks } from './tasks'

/**
 * A dataset of the workspace in memory. Where nothing that a card shows need be hidden, a card without examples gets them
 * here, drawn from train by `seed`.
 */
export async function loadCollection(folder: string, templatesFolder: string, seed = 1): Promise<Collection> {
  const record = await readDatasetRecord(folder)
  const documents = await readDocuments(folder, record.documents)
  const queries = await readTexts(folder, 'queries.jsonl', querySchema, ({ text }) => text)
  const documentRows = rowsOf(documents.ids)
  const queryRows = rowsOf(queries.ids)
  const cards = await readCards(folder, record, templatesFolder, documentRows)
  const judgments = await readAllJudgments(folder, cards, queryRows, documentRows)
  const collection: Collection = {
    id: record.id,
    family: record.family,
    title: record.title,
    sha256: record.sha256,
    exclude: record.exclude,
    protocol: protocolOf(record),
    hashed: record.hashed,
    documents,
    queries,
    ownDocument: ownDocuments(record.exclude, queries.ids, documentRows),
    cards,
    judgments,
  }
  return collection.protocol.hideShown ? collection : withExamples(collection, seed)
}

function withExamples(collection: Collection, seed: number): Collection {
  const cards = listTasks(collection).map((task) => {
    const { card, members, factors } = task
    if (card.examples.length > 0) return { card, members, factors }
    const drawn = drawExemplars(task, collection.protocol.examples, seed)
    return { card: { ...card, examples: exampleTexts(collection, drawn) }, members, factors }
  })
  return { ...collection, cards }
}

function rowsOf(ids: readonly string[]): Map<string, number> {
  return new Map(ids.map((id, row) => [id, row]))
}

async function readCards(
  folder: string,
  record: DatasetRecord,
  templatesFolder: string,
  documentRows: ReadonlyMap<string, number>,
): Promise<DatasetCard[]> {
  const path = join(folder, 'cards.jsonl')
  if (!(await stat(path).catch(() => null))) {
    return [{ card: await templateCard(record, templatesFolder), members: null }]
  }
  const cards: DatasetCard[] = []
  const membersOf = new Map<string, Int32Array>()
  for await (const { records } of readJsonLines(await fileOf(folder, 'cards.jsonl'), datasetCardSchema)) {
    for (const { value, where } of records) {
      const { card, factors } = value
      let members: Int32Array | null = null
      if (value.members) members = Int32Array.from(value.members, (id) => rowOf(documentRows, id, where))
      if (value.membersOf !== undefined) members = membersOf.get(value.membersOf) ?? null
      if (value.membersOf !== undefined && !members) throw changed(where)
      if (members) membersOf.set(card.id, members)
      cards.push({ card, members, factors })
    }
  }
  return cards
}

async function readAllJudgments(
  folder: string,
  cards: readonly DatasetCard[],
  queryRows: ReadonlyMap<string, number>,
  documentRows: ReadonlyMap<string, number>,
): Promise<Map<string, Map<string, Judgments>>> {
  const all = new Map(cards.map(({ card }) => [card.id, new Map<string, Judgments>()]))
  const cardRows = new Map(cards.map(({ card }, row) => [card.id, row]))
  const names = (await readdir(join(folder, 'qrels'))).filter((name) => name.endsWith('.tsv')).sort()
  for (const name of names) {
    const file = await fileOf(folder, `qrels/${name}`)
    const table = new JudgmentTable()
    for await (const { first, judgments } of readJudgments(file)) {
      for (let i = 0; i < judgments.length; i++) {
        const judgment = judgments[i]
        if (!judgment) continue
        const query = queryRows.get(judgment.query)
        const card = judgment.card === null ? 0 : cardRows.get(judgment.card)
        if (query === undefined || card === undefined) throw changed(`${file.where}:${first + i}`)
        table.add(card, query, documentRows.get(judgment.document) ?? -1, judgment.grade)
      }
    }
    const split = name.slice(0, -'.tsv'.length)
    for (const [card, judgments] of table.pack()) all.get(cards[card].card.id)!.set(split, judgments)
  }
  return all
}

/** [queries] */
function ownDocuments(
  rule: ExcludeRule,
  queryIds: readonly string[],
  documentRows: ReadonlyMap<string, number>,
): Int32Array {
  return Int32Array.from(queryIds, (id) => {
    const own = ownDocumentId(rule, id)
    return own === null ? -1 : (documentRows.get(own) ?? -1)
  })
}

function rowOf(rows: ReadonlyMap<string, number>, id: string, where: string): number {
  const row = rows.get(id)
  if (row === undefined) throw changed(where)
  return row
}
