import { expect, it } from 'vitest'
import { verdictWords } from '../../../src/main/engine/evaluation/verdict-words'
import type { Cards, Difference, VerdictRow } from '../../../src/shared/schemas/verdict'

const interval = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 })
const row = (name: string, cards: Cards, value: number): VerdictRow => ({
  row: name,
  bm25: false,
  cards,
  examples: 0,
  n: 100,
  mean: { 'nDCG@10': interval(value) },
})
const lead = (cards: Cards, delta: number): Difference => ({
  a: 'task card',
  b: 'best control: card as text',
  cards,
  examples: 0,
  task: null,
  measure: 'nDCG@10',
  over: 'tasks',
  delta,
  low: delta - 0.01,
  high: delta + 0.01,
  p: 0.001,
})

it('says of each group of unseen cards what was never trained, and its own lead', () => {
  const rows = (['unseen-category', 'unseen-combination'] as const).flatMap((cards) => [
    row('task card', cards, cards === 'unseen-category' ? 0.178 : 0.257),
    row('card as text', cards, 0.122),
  ])
  const differences = [lead('unseen-category', 0.056), lead('unseen-combination', 0.134)]
  const words = verdictWords({ rows, differences, trainedTasks: 1500 })
  const [combinations, categories] = words.split(/(?<=\.) (?=On )/)
  expect(combinations).toMatch(
    /relation and category were trained, but never together.*\.257 against \.122.*\+\.134/,
  )
  expect(categories).toMatch(/category was never trained.*\.178 against \.122.*\+\.056/)
})
