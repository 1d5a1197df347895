import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import type { Collection, Texts } from './collection'
import { documentText } from './document-text'
import { documentSchema, readJsonLines } from './importing/beir-records'
import type { SourceFile } from './importing/dataset-layout'
import { lineBegins, storedLines, storedTexts } from './stored-texts'

/** Documents from which on their texts stay on disk: below, they are tens of megabytes, and quicker in memory. */
const STORED_FROM = 100_000

const titleOf = ({ title }: z.infer<typeof documentSchema>) => title?.trim() ?? ''

/** @param count how many the dataset's record says there are */
export async function readDocuments(
  folder: string,
  count: number,
  storedFrom = STORED_FROM,
): Promise<Collection['documents']> {
  if (count < storedFrom) {
    const titles: string[] = []
    const documents = await readTexts(folder, 'corpus.jsonl', documentSchema, (document) => {
      titles.push(titleOf(document))
      return documentText(document)
    })
    return { ...documents, titles }
  }
  const file = await fileOf(folder, 'corpus.jsonl')
  const noted = lineBegins()
  const noting = { ...file, open: async () => Readable.from(noted.noting(await file.open())) }
  const ids: string[] = []
  for await (const { records } of readJsonLines(noting, documentSchema))
    for (const { value } of records) ids.push(value._id)
  const begins = noted.begins()
  if (begins.length !== ids.length + 1) throw changed(file.where)
  const lines = storedLines(file.where, begins)
  return { ids, texts: storedTexts(lines, documentText), titles: storedTexts(lines, titleOf) }
}

export async function readTexts<Schema extends z.ZodType<{ _id: string }>>(
  folder: string,
  name: string,
  schema: Schema,
  textOf: (record: z.infer<Schema>) => string,
): Promise<Texts> {
  const ids: string[] = []
  const texts: string[] = []
  for await (const { records } of readJsonLines(await fileOf(folder, name), schema)) {
    for (const { value } of records) {
      ids.push(value._id)
      texts.push(textOf(value))
    }
  }
  return { ids, texts }
}

export async function fileOf(folder: string, path: string): Promise<SourceFile> {
  const where = join(folder, path)
  const found = await stat(where).catch(() => {
    throw changed(where)
  })
  return {
    where,
    bytes: found.size,
    open: async () => createReadStream(where, { highWaterMark: 2 ** 20 }),
  }
}

export function changed(where: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected: 'the dataset as it was imported',
    got: 'a file that is missing or names what is not there',
    remedy: 'Delete the dataset and import it again.',
    where,
  })
}
