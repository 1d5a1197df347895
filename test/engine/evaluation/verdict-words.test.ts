import { describe, expect, it } from 'vitest'
import { type VerdictFacts, verdictWords } from '../../../src/main/engine/evaluation/verdict-words'
import type { Cards, Difference, DocumentPart, VerdictRow } from '../../../src/shared/schemas/verdict'
import { madeDifference, madePart, madeRow, plain } from '../../made-verdict'

const interval = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 })
const row = (name: string, value: number, change: Partial<VerdictRow> = {}) =>
  madeRow({ row: name, mean: { 'nDCG@10': interval(value) }, ...change })
const against = (b: string, delta: number, change: Partial<Difference> = {}) =>
  madeDifference({ b: plain(b), delta, low: delta - 0.01, high: delta + 0.01, corrected: 0.001, ...change })
const words = (facts: Partial<VerdictFacts>) =>
  verdictWords({ rows: [], differences: [], documents: [], wholeCorpora: false, ...facts })
const SHOWN = { corrected: 0.01 }
const NOT_SHOWN = { corrected: 0.2 }

describe('of unseen cards', () => {
  const rows = [row('task card', 0.257), row('card as text', 0.122), row('frozen', 0.1)]
  const lead = against('card as text', 0.134, { best: true })

  it('the words say of each group what was never trained, and its own lead', () => {
    const groups: Cards[] = ['unseen-category', 'unseen-combination']
    const said = words({
      rows: groups.flatMap((cards) => [
        row('task card', cards === 'unseen-category' ? 0.178 : 0.257, { cards }),
        row('card as text', 0.122, { cards }),
      ]),
      differences: [
        against('card as text', 0.056, { cards: 'unseen-category', best: true }),
        against('card as text', 0.134, { cards: 'unseen-combination', best: true }),
      ],
    })
    const [combinations, categories] = said.split(/(?<=\.) (?=On )/)
    expect(combinations).toMatch(
      /relation and category were trained, but never together.*\.257 against \.122.*\+\.134/,
    )
    expect(categories).toMatch(/category was never trained.*\.178 against \.122.*\+\.056/)
  })

  it('they name the controls that ran, and no other', () => {
    const said = words({ rows, differences: [lead] })
    expect(said).toContain('for the best of frozen and card as text (card as text)')
    expect(said).not.toContain('few-shot')
    const more = [...rows, row('few-shot', 0.11)]
    expect(words({ rows: more, differences: [lead] })).toContain(
      'the best of frozen, card as text and few-shot',
    )
    expect(words({ rows: rows.slice(0, 2), differences: [lead] })).toContain('against .122 for card as text:')
    expect(words({ rows: rows.slice(0, 1) })).toContain('no control ran beside it')
  })

  it('they call them corpora only where no card of the corpora was trained', () => {
    expect(words({ rows, differences: [lead], wholeCorpora: true })).toContain(
      'On corpora that were never trained',
    )
    expect(words({ rows, differences: [lead] })).toContain('On cards that were never trained')
  })

  it('they say the unit of the interval and of the p', () => {
    expect(words({ rows, differences: [lead] })).toContain('95 % interval over 20 tasks [')
    const few = { ...lead, unit: 'queries within tasks', n: 1200, tasks: 4, family: 3 } as const
    expect(words({ rows, differences: [few] })).toMatch(
      /over 1,200 queries within these 4 tasks \[.*\], p = \.001 after Holm over 3/,
    )
    const clusters = { ...lead, unit: 'clusters of tasks', n: 60, tasks: 82 } as const
    expect(words({ rows, differences: [clusters] })).toContain('over 82 tasks in 60 clusters')
  })

  it.each([
    ['better at every k', [0.1, 0.2], SHOWN, /content that matters\./],
    ['worse at every k', [-0.1, -0.2], SHOWN, /what helps here is not what the card says/],
    ['better at one k and not at the other', [0.1, -0.1], SHOWN, /content matters is not shown/],
    ['better, which chance would show too', [0.1, 0.2], NOT_SHOWN, /content matters is not shown/],
  ] as const)('they say of a right card that is %s than a wrong one what follows', (_, deltas, p, clause) => {
    const wrong = deltas.map((delta, i) => against('wrong card', delta, { examples: i * 4, ...p }))
    const said = words({ rows, differences: [lead, ...wrong] })
    expect(said).toMatch(clause)
    expect(said.match(/content|what the card says/g)).toHaveLength(1)
  })

  it('they say it of each group of cards by itself', () => {
    const groups: Cards[] = ['unseen-category', 'unseen-combination']
    const rows = groups.map((cards) => row('task card', 0.2, { cards }))
    const said = (categories: Partial<Difference>) =>
      words({
        rows,
        differences: [
          against('wrong card', 0.1, { cards: 'unseen-combination', ...SHOWN }),
          against('wrong card', 0.1, { cards: 'unseen-category', ...SHOWN, ...categories }),
        ],
      })
    const both = said({ delta: -0.2 })
    expect(both).toMatch(
      /never together, a wrong card scores −\.100 .*: it is the card's content that matters\./,
    )
    expect(both).toMatch(/category was never trained, a wrong card scores \+\.200 .*not what the card says/)
    expect(said(NOT_SHOWN)).toMatch(/category was never trained, a wrong card .*content matters is not shown/)
  })

  it('they say nothing of a wrong card that did not run, nor of one fused with BM25', () => {
    expect(words({ rows, differences: [lead] })).not.toMatch(/wrong card/i)
    const fused = madeDifference({
      a: { row: 'task card', bm25: true },
      b: { row: 'wrong card', bm25: true },
    })
    expect(words({ rows, differences: [lead, fused] })).not.toMatch(/wrong card/i)
  })
})

describe('of trained cards', () => {
  const seen = { cards: 'seen' } as const
  const rows = [row('task card', 0.5, seen), row('frozen', 0.4, seen), row('no card', 0.45, seen)]
  const said = (...differences: Difference[]) => words({ rows, differences })
  const apart = (...documents: DocumentPart[]) =>
    words({ rows, differences: [against('no card', 0.05, seen)], documents })

  it('a difference is called better only when its corrected p is below .05', () => {
    const one = (change: Partial<Difference>) => said(against('no card', 0.05, { ...seen, ...change }))
    expect(one({ corrected: 0.049 })).toContain('better by +.050')
    expect(one({ corrected: 0.05 })).toContain('no difference shown')
    expect(one({ corrected: 0.05 })).not.toContain('better')
    expect(one({ corrected: 0.01, delta: -0.05 })).toContain('worse by −.050')
    expect(one({ corrected: 0.8, detectable: 0.021 })).toContain('below .021')
  })

  it('what is handed out stands against frozen, in the words of its own p', () => {
    const rows = [row('task card', 0.6, { cards: 'seen' }), row('handed out', 0.55, { cards: 'seen' })]
    const gain = (delta: number, corrected: number) =>
      against('frozen', delta, { a: plain('handed out'), cards: 'seen', corrected })
    const said = words({ rows, differences: [gain(0.05, 0.01)] })
    expect(said).toMatch(/With 0 examples what is handed out, .* reaches \.550; .* better by \+\.050/)
    expect(words({ rows, differences: [gain(0, 1)] })).toMatch(/handed out, .*: no difference shown/)
    expect(words({ rows })).not.toContain('handed out')
    // It is no lead of the task card.
    expect(words({ rows, differences: [{ ...gain(0.05, 0.01), b: plain('no card') }] })).not.toContain(
      'what the card itself is worth',
    )
  })

  it('a card is called hardly more than a name only where an id in its place does no worse', () => {
    const id = (delta: number, p: Partial<Difference>) => said(against('task id', delta, { ...seen, ...p }))
    expect(id(0.01, NOT_SHOWN)).toContain('hardly more than a name')
    expect(id(-0.03, SHOWN)).toContain('hardly more than a name')
    expect(id(0.03, SHOWN)).not.toContain('a name')
    expect(id(0.03, SHOWN)).toContain("Against an id in the card's place: better by +.030")
    expect(said(against('no card', 0.05, seen))).not.toContain('a name')
  })

  it.each([
    ['better on both', SHOWN, SHOWN, /frozen: better by \+\.050, [^;]*\.$/],
    [
      'better on seen ones',
      SHOWN,
      NOT_SHOWN,
      /no difference shown.*; it is shown .* other 196 alone, by \+\.050\.$/,
    ],
    ['better on neither', NOT_SHOWN, NOT_SHOWN, /no difference shown \([^)]*\)\.$/],
  ])('of documents that no train query touched they say what follows: %s', (_, known, lead, clause) => {
    const sentence = apart(madePart('seen', 196, known), madePart('unseen', 104, lead))
    expect(sentence).toMatch(
      /On the 104 of 300 queries whose relevant documents no train query touched, against/,
    )
    expect(sentence).toMatch(clause)
  })

  it('they say nothing of documents where a table has only one kind, or is another table', () => {
    expect(apart(madePart('seen', 300))).not.toMatch(/documents/)
    expect(apart(madePart('unseen', 300))).not.toMatch(/documents/)
    const other = { cards: 'seen', examples: 16 } as const
    expect(
      apart({ ...madePart('seen', 196), ...other }, { ...madePart('unseen', 104), ...other }),
    ).not.toMatch(/documents/)
  })
})

it('says of the frozen encoder alone that nothing was trained', () => {
  expect(words({ rows: [row('frozen', 0.65, { cards: 'seen', n: 1300 })] })).toBe(
    'The frozen encoder alone: nDCG@10 .650 over 1,300 queries. Nothing was trained.',
  )
})
