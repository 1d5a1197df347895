import type { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import type { Collection } from '../datasets/collection'
import { readDatasetRecord } from '../datasets/dataset-record'
import { documentSchema, querySchema, readJsonLines } from '../datasets/importing/beir-records'
import type { DatasetSource } from '../datasets/importing/dataset-layout'
import { openSource } from '../datasets/importing/dataset-source'
import { loadCollection } from '../datasets/load-collection'
import { findDangling } from './find-dangling'
import type { DatasetFiles, LintSubject } from './rule'

/** What the rules look at, of a dataset that is in memory already. */
export async function subjectOf(
  collection: Collection,
  folder: string,
  signal?: AbortSignal,
): Promise<LintSubject> {
  const record = await readDatasetRecord(folder)
  const { queries, documents } = collection
  const source = await openSource(folder)
  const dangling = await findDangling(source, new Set(queries.ids), new Set(documents.ids), signal)
  return { record, collection, dangling }
}

/**
 * What the rules look at, of a dataset's folder. Where judgments name queries that are not there it cannot be loaded, and
 * only its files are told of; whatever else is wrong with it is thrown.
 */
export async function loadSubject(
  folder: string,
  templatesFolder: string,
  seed: number,
  signal?: AbortSignal,
): Promise<LintSubject | DatasetFiles> {
  try {
    return await subjectOf(await loadCollection(folder, templatesFolder, seed), folder, signal)
  } catch (error) {
    if (!(error instanceof HydraError) || error.code !== 'FILE_INVALID') throw error
    const record = await readDatasetRecord(folder)
    const source = await openSource(folder)
    const queryIds = await readIds(source, 'queries.jsonl', querySchema, signal)
    const documentIds = await readIds(source, 'corpus.jsonl', documentSchema, signal)
    const dangling = await findDangling(source, queryIds, documentIds, signal)
    if (dangling.queries.length === 0) throw error
    return { record, dangling }
  }
}

async function readIds(
  source: DatasetSource,
  part: string,
  schema: z.ZodType<{ _id: string }>,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const ids = new Set<string>()
  for await (const { records } of readJsonLines(source.files.get(part)!, schema, signal)) {
    for (const { value } of records) ids.add(value._id)
  }
  return ids
}
