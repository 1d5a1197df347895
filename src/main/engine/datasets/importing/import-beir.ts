import { join } from 'node:path'
import type { DatasetRecord, HashedSplits } from '../../../../shared/schemas/dataset'
import { knownCollections } from '../known-collections'
import { protocolOf } from '../protocol'
import { type About, documentSchema, querySchema, readJsonLines } from './beir-records'
import { checkId, idOfSource } from './dataset-id'
import type { DatasetSource, SourceFile } from './dataset-layout'
import { openSource } from './dataset-source'
import { type DatasetWriter, writeDataset } from './dataset-writer'
import { importCard, twoKindsOfCards } from './import-card'
import { importCards } from './import-cards'
import { duplicateId, emptyFile, importFaults } from './import-faults'
import { importJudgments } from './import-judgments'
import type { ImportProgress, Walk } from './import-walk'
import { readAbout } from './read-about'

export interface ImportBeirOptions {
  /** A folder or a zip with one dataset in BEIR layout. */
  source: string
  /** Id in the workspace; by default made of the name of the folder or zip. */
  id?: string
  /** In place of a dataset of that id. */
  replace?: boolean
  /** Percent of the judged queries for train, dev and test, of a collection that brings no train split. */
  split?: HashedSplits
  /** Workspace folder. */
  workspace: string
  now: () => Date
  signal?: AbortSignal
  onProgress?: (progress: ImportProgress) => void
}

/** Reads, checks and copies a BEIR dataset into the workspace, line by line; on any error nothing is left behind. */
export async function importBeir(options: ImportBeirOptions): Promise<DatasetRecord> {
  const id = options.id === undefined ? idOfSource(options.source) : checkId(options.id)
  const source = await openSource(options.source)
  try {
    return await importSource(source, id, options)
  } finally {
    source.close()
  }
}

/** What a dataset has from what it came with: its family, or the source that was named. */
export interface Provenance {
  readonly family?: string
  /** Holds where its own SOURCE.json says nothing else. */
  readonly about: About
}

/** The same of a source that is open already. */
export function importSource(
  source: DatasetSource,
  id: string,
  options: ImportBeirOptions,
  provenance: Provenance = { about: {} },
): Promise<DatasetRecord> {
  const folder = join(options.workspace, 'datasets')
  const copy = (writer: DatasetWriter) => copyDataset(source, writer, id, options, provenance)
  return writeDataset(folder, id, copy, options.replace)
}

async function copyDataset(
  source: DatasetSource,
  writer: DatasetWriter,
  id: string,
  { source: path, split, now, signal, onProgress }: ImportBeirOptions,
  provenance: Provenance,
): Promise<Omit<DatasetRecord, 'sha256'>> {
  const aboutFile = source.files.get('SOURCE.json') ?? source.files.get('dataset.json')
  const about: About = { ...provenance.about, ...(aboutFile ? await readAbout(aboutFile) : {}) }
  const known = knownCollections[id]
  const exclude = about.exclude ?? known?.exclude ?? 'none'

  const dataFiles = [...source.files].filter(([part]) => /\.(jsonl|tsv)$/.test(part))
  const total = dataFiles.reduce((sum, [, file]) => sum + file.bytes, 0)
  let done = 0
  const advance = (bytes: number) => {
    done = Math.min(total, done + bytes)
    onProgress?.({ phase: `import ${id}`, done, total, unit: 'bytes' })
  }
  const walk = { writer, signal, advance, faults: importFaults() }

  const queries = await copyQueries(source.files.get('queries.jsonl')!, walk)
  const documents = await copyDocuments(source.files.get('corpus.jsonl')!, walk)
  walk.faults.throwIfAny()
  const cardFile = source.files.get('cards.jsonl')
  const oneCardFile = source.files.get('card.json')
  if (cardFile && oneCardFile) throw twoKindsOfCards(oneCardFile.where)
  const card = oneCardFile && (await importCard(oneCardFile, writer, id))
  const cards = cardFile ? await importCards(cardFile, walk, { documents, queries }) : null
  const texts = { queries, documents, cards }
  const { splits, splitFiles, devFrom } = await importJudgments(source, walk, texts, split ?? null)

  return {
    version: 1,
    id,
    title: about.title || known?.title || about.name || card?.name || id,
    ...(provenance.family === undefined ? {} : { family: provenance.family }),
    summary: about.summary ?? about.note ?? '',
    licence: about.licence ?? about.license ?? 'not stated',
    source: about.source ?? path,
    importedAt: now().toISOString(),
    exclude,
    protocol: protocolOf({ protocol: about.protocol, cards: cards?.ids.size ?? 1 }),
    documents: documents.size,
    queries: queries.size,
    cards: cards?.ids.size ?? 1,
    splits,
    ...(Object.keys(splitFiles).length > 0 ? { splitFiles } : {}),
    devFrom,
    ...(split ? { hashed: split } : {}),
    findings: [],
  }
}

async function copyQueries(file: SourceFile, walk: Walk): Promise<Set<string>> {
  const ids = new Set<string>()
  const out = await walk.writer.create('queries.jsonl')
  for await (const { records, bytes } of readJsonLines(file, querySchema, walk.signal, walk.faults)) {
    for (const { value, where } of records) {
      if (ids.has(value._id)) walk.faults.add(duplicateId('query', value._id, where))
      ids.add(value._id)
    }
    await out.write(records.map(({ line }) => `${line}\n`).join(''))
    walk.advance(bytes)
  }
  await out.close()
  if (ids.size === 0 && !walk.faults.any) throw emptyFile('at least one query', 'none', file.where)
  return ids
}

async function copyDocuments(file: SourceFile, walk: Walk): Promise<Map<string, number>> {
  const rows = new Map<string, number>()
  const out = await walk.writer.create('corpus.jsonl')
  for await (const { records, bytes } of readJsonLines(file, documentSchema, walk.signal, walk.faults)) {
    for (const { value, where } of records) {
      if (rows.has(value._id)) walk.faults.add(duplicateId('document', value._id, where))
      else rows.set(value._id, rows.size)
    }
    await out.write(records.map(({ line }) => `${line}\n`).join(''))
    walk.advance(bytes)
  }
  await out.close()
  if (rows.size === 0 && !walk.faults.any) throw emptyFile('at least one document', 'none', file.where)
  return rows
}
