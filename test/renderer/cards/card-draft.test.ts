import { expect, it } from 'vitest'
import {
  cardOfDraft,
  documentsOfDraft,
  draftOfCard,
  EMPTY_DRAFT,
  sameDraft,
  sameSheet,
  sheetOfCard,
  withExamples,
} from '../../../src/renderer/cards/card-draft'
import { cardSchema } from '../../../src/shared/schemas/card'

const draft = {
  ...EMPTY_DRAFT,
  examples: [
    { query: 'a tree', document: 'the oak', documentId: 'd1' },
    { query: ' ', document: 'the ash ' },
    { query: 'another tree', document: 'the oak', documentId: 'd1' },
    { query: 'only asked', document: '' },
  ],
}

it('puts examples behind those of a draft, and the first query of a document where it stands alone', () => {
  const more = withExamples(draft, [
    { query: 'grey', document: 'the ash' },
    { query: 'tall', document: 'the ash' },
    { query: 'old', document: 'the oak' },
  ])
  expect(more.examples.map(({ query }) => query)).toEqual([
    'a tree',
    'grey',
    'another tree',
    'only asked',
    'tall',
    'old',
  ])
  expect(cardOfDraft(more).examples).toHaveLength(5)
  expect(draft.examples[1].query).toBe(' ')
})

it('knows the documents of a draft, each once, also those that nobody asks for yet', () => {
  expect(documentsOfDraft(draft)).toEqual([
    { document: 'the oak', documentId: 'd1' },
    { document: 'the ash', documentId: undefined },
  ])
})

it('takes what is still typed for an edit, and what is as it was for none', () => {
  const card = cardSchema.parse({
    id: 'trees',
    name: 'Trees',
    description: 'find the tree',
    examples: [{ query: 'old', document: 'the oak', queryId: 'q1' }],
  })
  const base = draftOfCard(card)
  expect(sameDraft(draftOfCard(card), base)).toBe(true)
  expect(sameDraft({ ...base, description: 'find the tree ' }, base)).toBe(false)
  expect(sameDraft({ ...base, examples: [...base.examples, { query: '', document: '' }] }, base)).toBe(false)
  const sheet = sheetOfCard(card)
  expect(sameSheet({ ...sheet, draft: draftOfCard(card) }, sheet)).toBe(true)
  expect(sameSheet({ ...sheet, name: 'Trees ' }, sheet)).toBe(false)
})
