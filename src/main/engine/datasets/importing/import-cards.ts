import type { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import { datasetCardSchema, readJsonLines } from './beir-records'
import type { SourceFile } from './dataset-layout'
import { duplicateId, emptyFile } from './import-faults'
import type { ImportedCards, ImportedTexts, Walk } from './import-walk'

/** Beside a dataset's 64 and what a run adds, within the 255 that a file name may have. */
const MOST_BYTES = 128

type Line = z.infer<typeof datasetCardSchema>

/** Checks and copies `cards.jsonl`; each fault names its line. */
export async function importCards(
  file: SourceFile,
  walk: Walk,
  texts: Omit<ImportedTexts, 'cards'>,
): Promise<ImportedCards> {
  const ids = new Set<string>()
  const ofQuery = new Map<string, string[]>()
  /** Cards that say which documents they stand for. */
  const standing = new Set<string>()
  /** Letter case and normalisation aside, as some file systems have it. */
  const fileNames = new Map<string, string>()
  const out = await walk.writer.create('cards.jsonl')
  for await (const { records, bytes } of readJsonLines(file, datasetCardSchema, walk.signal, walk.faults)) {
    for (const { value, where } of records) {
      const { card, members, membersOf, queries } = value
      walk.faults.attempt(() => {
        if (ids.has(card.id)) throw duplicateId('card', card.id, where)
        checkFileName(card.id, fileNames, where)
        checkCard(value, standing, texts, where)
      })
      ids.add(card.id)
      if (members ?? membersOf) standing.add(card.id)
      for (const query of new Set(queries)) {
        const cards = ofQuery.get(query)
        if (cards) cards.push(card.id)
        else ofQuery.set(query, [card.id])
      }
    }
    await out.write(records.map(({ line }) => `${line}\n`).join(''))
    walk.advance(bytes)
  }
  await out.close()
  walk.faults.throwIfAny()
  if (ids.size === 0) throw emptyFile('at least one card, or no cards.jsonl', 'none', file.where)
  return { ids, ofQuery }
}

/** Files of a run are named after its cards. */
function checkFileName(id: string, others: Map<string, string>, where: string): void {
  const name = id.normalize('NFC').toLowerCase()
  const other = others.get(name)
  others.set(name, id)
  if (other !== undefined) {
    throw new HydraError('DATASET_DUPLICATE_ID', {
      expected: 'card ids that differ in more than letter case, since files are named after them',
      got: `"${id}" beside "${other}"`,
      remedy: 'Rename one of the two.',
      where,
    })
  }
  if (Buffer.byteLength(id) > MOST_BYTES) {
    throw new HydraError('DATASET_LINE', {
      expected: `a card id of at most ${MOST_BYTES} bytes in UTF-8, since files are named after it`,
      got: `${Buffer.byteLength(id)} bytes`,
      remedy: 'Give the card a shorter id.',
      where,
    })
  }
}

function checkCard(
  { card, members, membersOf, queries }: Line,
  standing: ReadonlySet<string>,
  texts: Omit<ImportedTexts, 'cards'>,
  where: string,
): void {
  const fault = (expected: string, id: string, remedy: string) =>
    new HydraError('DATASET_LINE', { expected, got: `"${id}" in card ${card.id}`, remedy, where })
  if (membersOf !== undefined && !standing.has(membersOf)) {
    throw fault(
      'membersOf with the id of an earlier card that has members',
      membersOf,
      'List the members, or put the card that has them first.',
    )
  }
  const document = members?.find((member) => !texts.documents.has(member))
  if (document !== undefined) {
    throw fault(
      'members that are documents of the corpus',
      document,
      'Remove the member or add the document.',
    )
  }
  const query = queries?.find((one) => !texts.queries.has(one))
  if (query !== undefined) {
    throw fault('queries that are in queries.jsonl', query, 'Remove the id or add the query.')
  }
}
