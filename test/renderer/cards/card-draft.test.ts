import { expect, it } from 'vitest'
import {
  cardOfDraft,
  documentsOfDraft,
  EMPTY_DRAFT,
  withExamples,
} from '../../../src/renderer/cards/card-draft'

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
