import { expect, it } from 'vitest'
import { cardDifferences } from '../../../src/renderer/cards/card-differences'
import { cardSchema } from '../../../src/shared/schemas/card'

const make = (more: object) =>
  cardSchema.parse({ id: 'a', name: 'A', description: 'find the wild animal', ...more })
const pair = (query: string) => ({ query, document: 'd' })

it('shows what changed, by field, and nothing else', () => {
  expect(cardDifferences(make({}), make({}))).toEqual([])
  expect(
    cardDifferences(
      make({ examples: [pair('a'), pair('b')] }),
      make({ description: 'find the tame animal', domain: 'farm', examples: [pair('b'), pair('c')] }),
    ),
  ).toEqual([
    {
      field: 'Description',
      stretches: [
        { text: 'find the ', kind: 'same' },
        { text: 'wild', kind: 'removed' },
        { text: 'tame', kind: 'added' },
        { text: ' animal', kind: 'same' },
      ],
    },
    { field: 'Domain', stretches: [{ text: 'farm', kind: 'added' }] },
    {
      field: 'Examples',
      stretches: [
        { text: 'a → d', kind: 'removed' },
        { text: 'c → d', kind: 'added' },
      ],
    },
  ])
})
