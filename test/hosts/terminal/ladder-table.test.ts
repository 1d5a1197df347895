import { describe, expect, it } from 'vitest'
import { textWidth } from '../../../src/main/hosts/terminal/fit-text'
import { ladderTable } from '../../../src/main/hosts/terminal/ladder-table'
import { type Cards, type Interval, type Verdict, verdictSchema } from '../../../src/shared/schemas/verdict'
import { madeDifference, madePart, madeRow, madeVerdict, plain } from '../../made-verdict'

const around = (value: number): Interval => ({ value, low: value - 0.02, high: value + 0.02 })
const measures = (value: number) => ({
  'nDCG@10': around(value),
  'MRR@10': around(value),
  'Recall@100': around(0.5),
})
const row = (name: string, cards: Cards, examples: number, value: number) =>
  madeRow({ row: name, cards, examples, n: 2170, taskCount: 82, units: 82, mean: measures(value) })

const lead = madeDifference({
  b: plain('card as text'),
  best: true,
  n: 82,
  tasks: 82,
  delta: 0.0424,
  low: -0.0001,
  high: 0.08,
  corrected: 0.0004,
})
const verdict: Verdict = madeVerdict({
  tasks: ['a', 'b'],
  clusters: [0, 1],
  rows: [
    row('frozen', 'seen', 4, 0.1),
    row('task card', 'seen', 4, 0.37),
    row('frozen', 'unseen', 4, 0.103),
    row('task card', 'unseen', 4, 0.219),
    row('frozen', 'unseen', 0, 0.089),
    { ...row('card as text', 'unseen', 0, 0.13), chosen: 'λ = 2' },
    row('task card', 'unseen', 0, 0.172),
  ],
  differences: [
    lead,
    { ...lead, measure: 'MRR@10', delta: 0.05 },
    madeDifference({ ...lead, b: plain('frozen'), best: false, delta: 0.083, corrected: 0.2 }),
  ],
  extremes: {
    best: [{ task: 'a', name: 'musical instrument', n: 30, card: 0.4, control: 0.1 }],
    worst: [{ task: 'b', name: 'weather', n: 26, card: 0.1, control: 0.2 }],
  },
  words: 'Cards that were never trained change the ranking for the better. '.repeat(4).trim(),
  limits: ['One corpus, one encoder, one split and one seed: the intervals cover none of these, nor others.'],
})

const table = ladderTable(verdict, { columns: 80, title: 'Strict hold-out' })

describe('ladderTable', () => {
  it('shows unseen cards before seen ones and fewer examples first', () => {
    const order = ['Unseen cards, description alone', 'Unseen cards, 4 examples', 'Seen cards, 4 examples']
    const places = order.map((title) => table.indexOf(title))
    expect(places.every((place) => place > 0)).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
  })

  it('prints measures with their intervals, aligned', () => {
    expect(table).toContain('task card     .172 [.152, .192]  .172 [.152, .192]  .500 [.480, .520]')
    expect(table).toContain('card as text  .130 [.110, .150]  .130 [.110, .150]  .500 [.480, .520]  λ = 2')
  })

  it('prints differences in the first measure only, with their unit, the lead marked', () => {
    const lines = table.split('\n').filter((line) => line.startsWith('difference') || line.includes(' − '))
    expect(lines).toEqual([
      'difference                               nDCG@10, 95 % over 82 tasks, p after Holm',
      'task card − card as text (best control)  +.042 [−.000, .080] p < .001',
      'task card − frozen                       +.083 [−.000, .080] p = .200',
    ])
  })

  it('tells leads apart by the nearest trained card, in their own table alone', () => {
    const units = { cards: 'unseen', unit: 'tasks', card: 0.15, control: 0.13, queries: 900 } as const
    const near = (nearest: 'overlapping' | 'apart', tasks: number, value: number) =>
      ({ ...units, examples: 0, nearest, tasks, n: tasks, lead: around(value) }) as const
    const nearness = [near('overlapping', 50, 0.025), near('apart', 32, 0.01)]
    const text = ladderTable({ ...verdict, nearness }, { columns: 80, title: 'x' })
    const lines = text.split('\n').filter((line) => /^(nearest|overlapping|apart) /.test(line))
    expect(lines).toEqual([
      'nearest trained card  task card  best control  lead in nDCG@10, 95 %',
      'overlapping                .150          .130  +.025 [.005, .045] over 50 tasks',
      'apart                      .150          .130  +.010 [−.010, .030] over 32 tasks',
    ])
    expect(table).not.toContain('nearest trained card')
  })

  it('says how many queries ask for documents that nothing trained on, and the lead there', () => {
    const documents = [madePart('seen', 196), madePart('unseen', 104)].map((part) => ({
      ...part,
      cards: 'unseen' as const,
    }))
    const text = ladderTable({ ...verdict, documents }, { columns: 200, title: 'x' })
    expect(text.split('\n').filter((line) => line.startsWith('Queries by'))).toEqual([
      'Queries by their relevant documents: 196 seen in training, 104 unseen; task card − frozen on the unseen +.050 [.010, .090] p = .010',
    ])
    expect(table).not.toContain('Queries by')
  })

  it('names the best and the worst cards with their lead', () => {
    expect(table).toMatch(/musical instrument +30 +\.400 +\.100 +\+\.300/)
    expect(table).toMatch(/weather +26 +\.100 +\.200 +−\.100/)
  })

  it('breaks the words at the width', () => {
    const said = table.slice(table.indexOf('Cards that were never')).split('\n')
    const words = said.slice(0, said.indexOf(''))
    expect(words.length).toBeGreaterThan(2)
    expect(words.join(' ')).toBe(verdict.words)
    expect(said.slice(said.indexOf('') + 1).join(' ')).toBe(`What this does not show: - ${verdict.limits[0]}`)
    for (const line of said) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('prints measures that were asked for besides after the headline ones', () => {
    const asked = verdictSchema.parse({
      ...verdict,
      rows: verdict.rows.map((one) => ({ ...one, mean: { ...one.mean, AP: around(0.1234) } })),
    })
    const lines = ladderTable(asked, { columns: 120, title: 'Demo' }).split('\n')
    expect(lines.find((line) => line.startsWith('row'))).toMatch(/Recall@100 +AP/)
    expect(lines.find((line) => line.startsWith('frozen'))).toMatch(/\] +\.123/)
  })

  it('lines up cards with names in wide characters, and underlines a title to its end', () => {
    const wide = {
      ...verdict,
      extremes: {
        best: [
          { task: 'a', name: '楽器', n: 30, card: 0.4, control: 0.1 },
          { task: 'b', name: 'cafe\u0301 ☕️', n: 26, card: 0.1, control: 0.2 },
        ],
        worst: [],
      },
    }
    const text = ladderTable(wide, { columns: 80, title: '厳密な分割' })
    expect(text.split('\n').slice(0, 2)).toEqual(['厳密な分割', '='.repeat(10)])
    const cards = text.split('\n').filter((line) => /^(楽器|cafe)/.test(line))
    expect(cards.map((line) => textWidth(line))).toEqual([textWidth(cards[0]), textWidth(cards[0])])
  })

  it('calls a table of the frozen encoder by its name', () => {
    const frozen = {
      ...verdict,
      rows: [row('frozen', 'seen', 0, 0.65)],
      differences: [],
      extremes: { best: [], worst: [] },
    }
    const text = ladderTable(frozen, { columns: 80, title: 'x' })
    expect(text).toContain('Frozen encoder · 2,170 queries')
    expect(text).not.toContain('gains most')
  })

  it('tells unseen cards apart by what was never trained, combinations first', () => {
    const apart = {
      ...verdict,
      rows: [
        row('task card', 'seen', 0, 0.3),
        row('task card', 'unseen-category', 0, 0.18),
        row('task card', 'unseen-combination', 4, 0.28),
        row('task card', 'unseen-combination', 0, 0.26),
      ],
    }
    const titles = ladderTable(apart, { columns: 80, title: 'x' }).match(/^.+\(k = \d\)/gm)
    expect(titles).toEqual([
      'Unseen combinations of a trained relation and a trained category, description alone (k = 0)',
      'Unseen combinations of a trained relation and a trained category, 4 examples on the card (k = 4)',
      'Cards of unseen categories, description alone (k = 0)',
      'Seen cards, description alone (k = 0)',
    ])
  })
})
