import { join } from 'node:path'
import { HydraError } from '../../../../shared/errors'
import type { DatasetRecord } from '../../../../shared/schemas/dataset'
import { knownCollections } from '../known-collections'
import { protocolOf } from '../protocol'
import { type About, aboutSchema, documentSchema, querySchema, readJsonLines } from './beir-records'
import { checkId, idOfSource } from './dataset-id'
import type { DatasetSource, SourceFile } from './dataset-layout'
import { openSource } from './dataset-source'
import { type DatasetWriter, writeDataset } from './dataset-writer'
import { importCards } from './import-cards'
import { duplicateId, emptyFile, importFaults } from './import-faults'
import { importJudgments } from './import-judgments'
import type { ImportProgress, Walk } from './import-walk'

export interface ImportBeirOptions {
  /** A folder or a zip with one dataset in BEIR layout. */
  source: string
  /** Id in the workspace; by default made of the name of the folder or zip. */
  id?: string
  /** In place of a dataset of that id. */
  replace?: boolean
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
    const folder = join(options.workspace, 'datasets')
    const copy = (writer: DatasetWriter) => copyDataset(source, writer, id, options)
    return await writeDataset(folder, id, copy, options.replace)
  } finally {
    source.close()
  }
}

async function copyDataset(
  source: DatasetSource,
  writer: DatasetWriter,
  id: string,
  { source: path, now, signal, onProgress }: ImportBeirOptions,
): Promise<Omit<DatasetRecord, 'sha256'>> {
  const about = await readAbout(source)
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
  const cards = cardFile ? await importCards(cardFile, walk, { documents, queries }) : null
  const { splits, splitFiles, devFrom } = await importJudgments(source, walk, { queries, documents, cards })

  return {
    version: 1,
    id,
    title: about.title || known?.title || about.name || id,
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

async function readAbout(source: DatasetSource): Promise<About> {
  const file = source.files.get('SOURCE.json') ?? source.files.get('dataset.json')
  if (!file) return {}
  const chunks: Buffer[] = []
  for await (const chunk of await file.open()) chunks.push(chunk)
  try {
    return aboutSchema.parse(
      JSON.parse(
        Buffer.concat(chunks)
          .toString('utf8')
          .replace(/^\uFEFF/, ''),
      ),
    )
  } catch (cause) {
    throw new HydraError(
      'FILE_INVALID',
      {
        expected: 'a JSON object that may say title, summary, licence, source, exclude and protocol',
        got: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Correct the file or remove it; the dataset can be imported without.',
        where: file.where,
      },
      { cause },
    )
  }
}
