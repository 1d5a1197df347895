import { describe, expect, it } from 'vitest'
import { textWidth } from '../../../src/main/hosts/terminal/fit-text'
import { rankMove, searchTable } from '../../../src/main/hosts/terminal/search-table'
import type { SearchAnswer, SearchHit } from '../../../src/main/services/serving/ask-search'
import { NO_EXPERT } from '../../../src/shared/expert-words'

const hit = (rank: number, frozenRank: number, text: string): SearchHit => ({
  rank,
  document: text,
  text,
  score: 0.5,
  frozenRank,
})

const result: SearchAnswer = {
  run: 'r',
  dataset: 'wordnet-finds',
  query: 'wedding',
  card: 'find the musical instrument most related to the query',
  examples: 0,
  head: null,
  handedOut: null,
  bm25: null,
  frozen: [
    hit(1, 1, 'marriage: the act of marrying and a long gloss that goes on and on'),
    hit(2, 2, 'bride'),
  ],
  conditioned: [hit(1, 40, 'organ: wind instrument'), hit(2, 1, 'marriage'), hit(3, 3, 'harp')],
  experts: null,
  milliseconds: { encode: 1, compile: 1, rank: 1 },
}

describe('searchTable', () => {
  it('sets both rankings side by side with the moves, within the width', () => {
    const lines = searchTable(result, 80).split('\n')
    expect(lines.slice(-3).map((line) => line.replace(/ +/g, ' '))).toEqual([
      expect.stringMatching(/^ 1 0\.500 marriage: the act .*… 1 ↑39 0\.500 organ: wind/),
      expect.stringMatching(/^ 2 0\.500 bride 2 ↓1 0\.500 marriage$/),
      expect.stringMatching(/^ 3 = 0\.500 harp$/),
    ])
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80)
  })

  it('names BM25 where it is handed out beside the card', () => {
    const beside = searchTable({ ...result, bm25: { normalisation: 'min-max', share: 0.2 } }, 80)
    expect(beside).toContain('this card + BM25')
    expect(searchTable(result, 80)).not.toContain('BM25')
  })

  it('says which experts, how much, why, and what is nearest; or that none fits', () => {
    const likeness = { text: 0.61, corpus: -0.2 }
    const expert = { name: 'aws-commands', share: 0.82, gate: 0.9, likeness }
    const nearest = { task: 'aws-commands.ec2', text: 0.7, corpus: 0.8 }
    const lines = (share: number) =>
      searchTable(
        {
          ...result,
          experts: {
            experts: [
              { ...expert, share },
              { ...expert, name: 'other', share: 0 },
            ],
            nearest,
          },
        },
        80,
      ).split('\n')
    expect(lines(0.82).slice(2, 5)).toEqual([
      'experts: aws-commands .82',
      'why: aws-commands: text .61, corpus −.20',
      'nearest trained card: aws-commands.ec2 (text .70, corpus .80)',
    ])
    expect(lines(0)[2]).toBe(`experts: ${NO_EXPERT}`)
    expect(lines(0)[3]).toBe('why: aws-commands: text .61, corpus −.20')
  })

  it('keeps the right half in its place beside wide characters', () => {
    const wide = {
      ...result,
      frozen: [
        hit(1, 1, '結婚式: 夫婦になることを誓う儀式のことであり、長い説明が続く'),
        hit(2, 2, '花嫁 👰🏽‍♀️'),
      ],
      conditioned: [hit(1, 40, 'オルガン: 管楽器'), hit(2, 1, 'cafe\u0301')],
    }
    const lines = searchTable(wide, 80).split('\n').slice(-2)
    const places = lines.map((line) => textWidth(line.slice(0, line.lastIndexOf('0.500'))))
    expect(places[0]).toBe(places[1])
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(80)
  })

  it('shows one ranking where no card was chosen', () => {
    const text = searchTable({ ...result, conditioned: null, card: null }, 80)
    expect(text).toContain('2  0.500  bride')
    expect(text).not.toContain('this card')
  })
})

describe('rankMove', () => {
  it.each([
    [1, 1, '='],
    [1, 13, '↑12'],
    [5, 2, '↓3'],
  ])('from %i under frozen rank %i is %s', (rank, frozenRank, move) => {
    expect(rankMove(hit(rank, frozenRank, 'x'))).toBe(move)
  })
})
