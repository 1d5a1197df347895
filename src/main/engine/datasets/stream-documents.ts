import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { documentText } from './document-text'
import { documentSchema, readJsonLines } from './importing/beir-records'

/** BEIR's field for whatever a collection says of a document beside its text. */
const described = documentSchema.extend({ metadata: z.record(z.string(), z.unknown()).nullish() })

interface StreamedDocument {
  readonly id: string
  readonly text: string
  /** Those of its fields that are one word, number or yes or no. */
  readonly metadata: Readonly<Record<string, string | number | boolean>>
}

/** The documents of a dataset's folder, in portions: of a million no more than a portion is held. */
export async function* streamDocuments(
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly StreamedDocument[]> {
  const where = join(folder, 'corpus.jsonl')
  const file = {
    where,
    bytes: (await stat(where)).size,
    open: async () => createReadStream(where, { highWaterMark: 2 ** 20 }),
  }
  for await (const { records } of readJsonLines(file, described, signal)) {
    yield records.map(({ value }) => ({
      id: value._id,
      text: documentText(value),
      metadata: Object.fromEntries(Object.entries(value.metadata ?? {}).filter(isPlain)),
    }))
  }
}

function isPlain(field: [string, unknown]): field is [string, string | number | boolean] {
  return ['string', 'number', 'boolean'].includes(typeof field[1])
}
