import type { TaskCard } from '../../shared/schemas/card'

/** A card while it is typed: every field a text, examples that may still be half written. */
export interface CardDraft {
  readonly description: string
  readonly domain: string
  readonly queryType: string
  readonly examples: readonly { readonly query: string; readonly document: string }[]
}

export const EMPTY_DRAFT: CardDraft = { description: '', domain: '', queryType: '', examples: [] }

export function draftOfCard(card: TaskCard): CardDraft {
  return {
    description: card.description,
    domain: card.domain ?? '',
    queryType: card.queryType ?? '',
    examples: card.examples.map(({ query, document }) => ({ query, document })),
  }
}

/** The fields of a card that the draft makes: what is empty or half written is left out. */
export function cardOfDraft({ description, domain, queryType, examples }: CardDraft) {
  return {
    description: description.trim(),
    ...(domain.trim() ? { domain: domain.trim() } : {}),
    ...(queryType.trim() ? { queryType: queryType.trim() } : {}),
    examples: examples
      .map(({ query, document }) => ({ query: query.trim(), document: document.trim() }))
      .filter(({ query, document }) => query && document),
  }
}

export function sameDraft(a: CardDraft, b: CardDraft): boolean {
  return JSON.stringify(cardOfDraft(a)) === JSON.stringify(cardOfDraft(b))
}

/** An id for a card from its name: letters, digits and dashes. */
export function idOfName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
}
