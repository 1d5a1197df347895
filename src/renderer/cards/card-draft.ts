import type { Example, TaskCard } from '../../shared/schemas/card'

/** An example while it is typed. Ids stay as long as the words are those of the dataset. */
export type ExampleDraft = Pick<Example, 'query' | 'document' | 'queryId' | 'documentId'>

/** What of a card the network is told, while it is typed: every field a text, examples that may still be half written. */
export interface CardDraft {
  readonly description: string
  readonly domain: string
  readonly queryType: string
  readonly examples: readonly ExampleDraft[]
}

/** A whole card while it is typed. */
export interface CardSheet {
  readonly id: string
  readonly name: string
  /** One a line. */
  readonly wordings: string
  readonly draft: CardDraft
}

export const EMPTY_DRAFT: CardDraft = { description: '', domain: '', queryType: '', examples: [] }
export const EMPTY_SHEET: CardSheet = { id: '', name: '', wordings: '', draft: EMPTY_DRAFT }

export function draftOfCard(card: TaskCard): CardDraft {
  return {
    description: card.description,
    domain: card.domain ?? '',
    queryType: card.queryType ?? '',
    examples: card.examples.map((example) => ({ ...example })),
  }
}

/** The fields of a card that the draft makes: what is empty or half written is left out. */
export function cardOfDraft({ description, domain, queryType, examples }: CardDraft) {
  return {
    description: description.trim(),
    ...(domain.trim() ? { domain: domain.trim() } : {}),
    ...(queryType.trim() ? { queryType: queryType.trim() } : {}),
    examples: examples
      .map((example) => ({ ...example, query: example.query.trim(), document: example.document.trim() }))
      .filter(({ query, document }) => query && document),
  }
}

/**
 * The draft with further examples, each behind those that it has. A document that stands there alone gets the first query that comes
 * with it.
 */
export function withExamples(draft: CardDraft, added: readonly ExampleDraft[]): CardDraft {
  const examples = [...draft.examples]
  for (const example of added) {
    const waiting = examples.findIndex(
      ({ query, document }) => !query.trim() && document.trim() === example.document.trim(),
    )
    if (waiting < 0) examples.push(example)
    else examples[waiting] = example
  }
  return { ...draft, examples }
}

/** The documents of a draft's examples, each once; of those that are still without a query, too. */
export function documentsOfDraft({ examples }: CardDraft): Pick<ExampleDraft, 'document' | 'documentId'>[] {
  const documents = new Map(
    examples.map(({ document, documentId }) => [document.trim(), { document: document.trim(), documentId }]),
  )
  documents.delete('')
  return [...documents.values()]
}

/** To the letter: a space before the next word and an example that is half written are edits, whatever card they make. */
export function sameDraft(a: CardDraft, b: CardDraft): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

export function sheetOfCard(card: TaskCard): CardSheet {
  return {
    id: card.id,
    name: card.name,
    wordings: (card.wordings ?? []).join('\n'),
    draft: draftOfCard(card),
  }
}

/** The card that the sheet makes; whether it fits its schema is the host's to say. */
export function cardOfSheet({ id, name, wordings, draft }: CardSheet): TaskCard {
  const lines = wordings
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  return {
    version: 1,
    id,
    name: name.trim(),
    ...cardOfDraft(draft),
    ...(lines.length > 0 ? { wordings: lines } : {}),
  }
}

export function sameSheet(a: CardSheet, b: CardSheet): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** What a draft that was kept says; null for what no sheet can be made of. */
export function readSheet(kept: unknown): CardSheet | null {
  const { id, name, wordings, draft } = (kept ?? {}) as Partial<CardSheet>
  if (typeof draft?.description !== 'string' || !Array.isArray(draft.examples)) return null
  return { id: id ?? '', name: name ?? '', wordings: wordings ?? '', draft: { ...EMPTY_DRAFT, ...draft } }
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
