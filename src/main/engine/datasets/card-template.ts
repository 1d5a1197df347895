import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import { cardSchema, type TaskCard } from '../../../shared/schemas/card'
import type { DatasetRecord } from '../../../shared/schemas/dataset'

/** The card of a collection that brings none: our template for its id, else one made of its title. Without examples. */
export async function templateCard(record: DatasetRecord, templatesFolder: string): Promise<TaskCard> {
  const path = join(templatesFolder, `${record.id}.json`)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) {
    return cardSchema.parse({
      id: record.id,
      name: record.title,
      description: `find the document most relevant to the query in ${record.title}`,
    })
  }
  try {
    return cardSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new HydraError(
      'CARD_INVALID',
      {
        expected: 'a task card',
        got: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Correct the template.',
        where: path,
      },
      { cause },
    )
  }
}
