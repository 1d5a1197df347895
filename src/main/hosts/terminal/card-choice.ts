import { resolve } from 'node:path'
import type { HydraError } from '../../../shared/errors'
import type { CardChoice } from '../../../shared/schemas/card'
import { usageError } from './usage-error'
import type { ServiceClient } from './verb'

/** The three ways to name a card, as options of `search` and `export`. */
export const CARD_OPTIONS = {
  task: { type: 'string', description: 'a task of the run or of a dataset', valueHint: 'T' },
  card: { type: 'string', description: 'a JSON file with a task card', valueHint: 'FILE' },
  describe: { type: 'string', description: 'a free description', valueHint: 'TEXT' },
} as const

/** Reads the card that was named, once there is someone to check a card file. */
export type ReadCard = (client: ServiceClient) => Promise<CardChoice>

/** Exactly one of the three, or undefined where none was named. */
export function namedCard(args: {
  readonly task?: string
  readonly card?: string
  readonly describe?: string
}): ReadCard | undefined {
  const { task, card, describe } = args
  const named = [task, card, describe].filter((value) => value !== undefined)
  if (named.length > 1) throw usageError('one of --task, --card and --describe', `${named.length} of them`)
  if (named[0]?.trim() === '') throw usageError('a text after the option', 'an empty one')
  if (task !== undefined) return async () => ({ task })
  if (describe !== undefined) return async () => ({ describe })
  if (card === undefined) return undefined
  return async (client) => ({ card: await client.cards.validate({ file: resolve(card) }) })
}

export function missingCard(): HydraError {
  return usageError('one of --task, --card and --describe', 'none')
}
