import { cardTokensRequestSchema, cardTokensSchema } from '../../../shared/schemas/authoring'
import { cardText } from '../../../shared/schemas/card'
import type { TextRole } from '../../engine/encoders/encoder'
import { defineOperation } from '../operation'

/** What the encoder sees of a card: each text as its tokenizer takes it apart, and where it is cut. */
export const cardTokens = defineOperation({
  name: 'card-tokens',
  input: cardTokensRequestSchema,
  output: cardTokensSchema,
  session: true,
  async run({ card, encoder }, context) {
    const reader = await context.warm.tokenReader(encoder, context)
    const read = (text: string, role: TextRole) => {
      const { tokens, read } = reader.read(text, role)
      return { text, tokens: [...tokens], read }
    }
    return {
      encoder,
      limit: reader.limit,
      card: read(cardText(card), 'query'),
      examples: card.examples.map(({ query, document }) => ({
        query: read(query, 'query'),
        document: read(document, 'document'),
      })),
    }
  },
})

declare module '../operation' {
  interface Operations {
    'card-tokens': typeof cardTokens
  }
}
