import { HydraError } from '../../../../shared/errors'
import { cardSchema, type TaskCard } from '../../../../shared/schemas/card'
import type { SourceFile } from './dataset-layout'
import type { DatasetWriter } from './dataset-writer'
import { readJsonFile } from './read-json-file'

/** Checks the one card of a dataset, `card.json`, and writes it as the first line of `cards.jsonl`. @param id where the card names none */
export async function importCard(file: SourceFile, writer: DatasetWriter, id: string): Promise<TaskCard> {
  const card = await readJsonFile(file, (json) => cardSchema.parse({ id, ...(json as object) }), {
    code: 'CARD_INVALID',
    expected: 'a task card: a JSON object with name and description',
    remedy: 'Correct the card or remove it; the dataset can be imported without.',
  })
  const out = await writer.create('cards.jsonl')
  await out.write(`${JSON.stringify({ card })}\n`)
  await out.close()
  return card
}

/** Which of the two would hold? */
export function twoKindsOfCards(where: string): HydraError {
  return new HydraError('DATASET_LAYOUT', {
    expected: 'card.json for the one card of a dataset, or cards.jsonl for several',
    got: 'both',
    remedy: 'Remove one of the two.',
    where,
  })
}
