import { resolve } from 'node:path'
import type { HydraError } from '../../../../shared/errors'
import type { CardChoice } from '../../../../shared/schemas/card'
import type { Options, ServiceClient } from './command'
import { usageError } from './usage-error'

/** The three ways to name a card, as options of `search` and `export`. */
export const CARD_OPTIONS = {
  task: {
    description: 'a task of the run or of a dataset',
    value: 'T',
    conflicts: ['card', 'describe'],
  },
  card: { description: 'a JSON file with a task card', value: 'FILE', conflicts: ['describe'] },
  describe: { description: 'a free description', value: 'TEXT' },
} as const satisfies Options

/** Reads the card that was named, once there is someone to check a card file. */
type ReadCard = (client: ServiceClient) => Promise<CardChoice>

/** The one of the three that was named, or undefined where none was. */
export function namedCard(args: {
  readonly task?: string
  readonly card?: string
  readonly describe?: string
}): ReadCard | undefined {
  const { task, card, describe } = args
  const named = task ?? card ?? describe
  if (named?.trim() === '') throw usageError('a text after the option', 'an empty one')
  if (task !== undefined) return async () => ({ task })
  if (describe !== undefined) return async () => ({ describe })
  if (card === undefined) return undefined
  return async (client) => ({ card: await client.cards.validate({ file: resolve(card) }) })
}

export function missingCard(): HydraError {
  return usageError('one of --task, --card and --describe', 'none')
}
