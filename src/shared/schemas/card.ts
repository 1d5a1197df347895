import { z } from 'zod'

/** One exemplar pair: a query and a document that answers it. Ids are kept where they come from a dataset. */
export const exampleSchema = z.strictObject({
  query: z.string().trim().min(1, 'an example needs a query'),
  document: z.string().trim().min(1, 'an example needs a document'),
  queryId: z.string().optional(),
  documentId: z.string().optional(),
})

/** A task card: all that the hypernetwork is told about a task. */
export const cardSchema = z.strictObject({
  version: z.literal(1).default(1),
  id: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, 'letters, digits, dot, dash and underscore')
    .max(128),
  name: z.string().trim().min(1, 'a card needs a name'),
  description: z.string().trim().min(1, 'a card without a description says nothing'),
  domain: z.string().trim().optional(),
  queryType: z.string().trim().optional(),
  examples: z.array(exampleSchema).max(64).default([]),
  /** Other ways to say the description, drawn at random in training so that the network learns the sense and not the phrase. */
  wordings: z.array(z.string().trim().min(1)).max(64).optional(),
})

export type Example = z.infer<typeof exampleSchema>
export type TaskCard = z.infer<typeof cardSchema>

/** What of a card's words the encoder reads beside the description. */
const CARD_WORDS = ['domain', 'query type'] as const

/**
 * The one text of a card that the encoder sees: description, then domain and query type where they are given.
 * @param seen names of conditioning parts; `domain` and `query type` are left out of the text where they are not among them
 */
export function cardText(
  card: Pick<TaskCard, 'description' | 'domain' | 'queryType'>,
  seen: readonly string[] = CARD_WORDS,
): string {
  const parts = [card.description]
  if (card.domain && seen.includes('domain')) parts.push(`Domain: ${card.domain}.`)
  if (card.queryType && seen.includes('query type')) parts.push(`Query type: ${card.queryType}.`)
  return parts.join(' ')
}

/** Which card: a task of the run or dataset, a whole card, or a free description. Exactly one. */
export const cardChoiceSchema = z.union([
  z.strictObject({ task: z.string() }),
  z.strictObject({ card: cardSchema }),
  z.strictObject({ describe: z.string().trim().min(1) }),
])
export type CardChoice = z.infer<typeof cardChoiceSchema>
