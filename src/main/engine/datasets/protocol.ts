import type { DatasetRecord, Protocol } from '../../../shared/schemas/dataset'

/** Cards of an ordinary collection show train queries, and all that is left is tested (docs/method.md#protocol). */
export const ORDINARY_PROTOCOL: Protocol = { hideShown: false, testQueriesPerTask: null, examples: 16 }

/**
 * Hundreds of cards for categories of one corpus: a shown document answers other queries of the same task too, so it is
 * hidden (docs/method.md#hiding), and no task weighs more than another by its number of queries.
 */
export const MANY_CARDS_PROTOCOL: Protocol = { hideShown: true, testQueriesPerTask: 30, examples: 4 }

/** What a dataset says of itself; where it says nothing, its number of cards decides. */
export function protocolOf({ protocol, cards }: Pick<DatasetRecord, 'protocol' | 'cards'>): Protocol {
  return protocol ?? (cards > 1 ? MANY_CARDS_PROTOCOL : ORDINARY_PROTOCOL)
}
