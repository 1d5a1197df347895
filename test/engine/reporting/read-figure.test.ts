import { describe, expect, it } from 'vitest'
import {
  isWithin,
  meanFigure,
  readFigure,
  writtenNumbers,
} from '../../../src/main/engine/reporting/read-figure'
import { type Reading, readingSchema } from '../../../src/shared/schemas/runs/claims'
import { madeDifference, madeRow, madeVerdict, plain } from '../../made-verdict'

const interval = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 })
const row = (name: string, mean: number, tasks: Record<string, number>) =>
  madeRow({
    row: name,
    n: 40,
    mean: { 'nDCG@10': interval(mean) },
    tasks: Object.fromEntries(
      Object.entries(tasks).map(([id, value]) => [id, { n: 1, measures: { 'nDCG@10': interval(value) } }]),
    ),
  })
const verdict = madeVerdict({
  rows: [
    row('frozen', 0.3, { 'aws.a': 0.2, 'aws.b': 0.4, other: 0.9 }),
    row('task card', 0.36, { 'aws.a': 0.3, 'aws.b': 0.6, other: 0.1 }),
    { ...row('task card', 0.7, {}), bm25: true },
  ],
  differences: [madeDifference({ best: true }), madeDifference({ b: plain('frozen'), delta: 0.9 })],
  nearness: [
    {
      ...{ cards: 'unseen', examples: 0, nearest: 'apart', tasks: 7, queries: 40, card: 0.3, control: 0.2 },
      ...{ unit: 'tasks', n: 7, lead: interval(0.1) },
    },
  ],
})
const run = { seen: ['a', 'b'], unseen: ['c'] }
const at = { cards: 'unseen', examples: 0 } as const
const figure = (read: unknown) => readFigure(readingSchema.parse(read) as Reading, { run, verdict })

describe('readFigure', () => {
  it.each([
    [{ of: 'mean', row: 'task card', ...at }, [0.36]],
    [{ of: 'mean', row: 'task card', ...at, tasks: 'aws.*' }, [0.45]],
    [{ of: 'mean', row: 'task card + BM25', ...at }, [0.7]],
    [{ of: 'gain', row: 'task card', over: 'frozen', ...at }, [0.06]],
    [{ of: 'gain', row: 'task card', over: 'frozen', ...at, tasks: 'aws.*' }, [0.15]],
    [{ of: 'gain', row: 'task card', over: 'frozen', ...at, tasks: 'other' }, [-0.8]],
    [{ of: 'lead', ...at }, [0.05, 0.01, 0.09]],
    [{ of: 'nearness', nearest: 'apart', ...at }, [0.1, 0, 0.2, 7]],
    [{ of: 'tasks' }, [2, 1]],
    [{ of: 'queries', ...at }, [40]],
  ])('%j', (read, expected) => {
    const found = figure(read)
    expect(found).toHaveLength(expected.length)
    for (const [i, value] of expected.entries()) expect(found?.[i]).toBeCloseTo(value, 12)
  })

  it.each([
    { of: 'mean', row: 'no card', ...at },
    { of: 'mean', row: 'task card', ...at, measure: 'AP' },
    { of: 'mean', row: 'task card', ...at, tasks: 'aws' },
    { of: 'gain', row: 'task card', over: 'no card', ...at },
    { of: 'lead', cards: 'seen', examples: 0 },
    { of: 'nearness', nearest: 'nested', ...at },
    { of: 'queries', cards: 'unseen', examples: 4 },
  ])('is nothing for %j', (read) => {
    expect(figure(read)).toBeNull()
  })
})

describe('writtenNumbers', () => {
  it.each([
    ['.150', [0.15]],
    ['+.003 [−.009, +.017]', [0.003, -0.009, 0.017]],
    ['−.000 [−.015, +.015], 23 cards', [-0, -0.015, 0.015, 23]],
    ['210 / 82', [210, 82]],
    ['2,201', [2201]],
    ['+.042 (as published)', [0.042]],
    ['0', [0]],
    ['–', []],
  ])('%s', (text, numbers) => {
    expect(writtenNumbers(text)).toEqual(numbers)
  })
})

describe('isWithin', () => {
  it('lets figures differ by the tolerance and by what was rounded, and counts not at all', () => {
    expect(isWithin([0.1554], [0.15], 0.005)).toBe(true)
    expect(isWithin([0.1556], [0.15], 0.005)).toBe(false)
    expect(isWithin([0.15, 0.1, 0.2], [0.15, 0.1, 0.3], 0.005)).toBe(false)
    expect(isWithin([0.15], [0.15, 0.1, 0.2], 0.005)).toBe(true)
    expect(isWithin([211, 82], [210, 82], 0.005)).toBe(false)
    expect(isWithin([0.1], [], 0.005)).toBe(false)
  })
})

it('means are over all runs, or there are none', () => {
  expect(
    meanFigure([
      [1, 2],
      [3, 4, 5],
    ]),
  ).toEqual([2, 3])
  expect(meanFigure([[1], null])).toBeNull()
  expect(meanFigure([])).toBeNull()
})
