import { expect, it } from 'vitest'
import { comparable } from '../../../../src/main/hosts/terminal/commands/sweep/comparable'
import { sweepText } from '../../../../src/main/hosts/terminal/commands/sweep/sweep-table'
import { textWidth } from '../../../../src/main/hosts/terminal/fit-text'
import { type Sweep, sweepSchema } from '../../../../src/shared/schemas/runs/sweep'
import { plain } from '../../../made-verdict'

const run = (id: string, state: 'done' | 'failed' = 'done', seen = 20) => ({
  ...{ id, state, reason: state === 'failed' ? 'TRAINING_DIVERGED' : null },
  tasks: { seen, unseen: 5 },
})
const value = (mean: number, sd: number | null = 0.004) => ({ n: sd === null ? 1 : 2, mean, sd })
const row = (point: number, lead: number, sd?: null) => ({
  ...{ point, n: sd === null ? 1 : 2 },
  systems: ['frozen', 'no card', 'task card'].map((name, i) => ({
    ...plain(name),
    measures: { 'nDCG@10': value(0.3 + i / 10, sd) },
  })),
  leads: { 'nDCG@10': { ...value(lead, sd), system: plain('task card'), controls: ['no card'] } },
})
const sweep: Sweep = sweepSchema.parse({
  ...{ version: 1, id: 'a1b2c3d4e5f6a7b8', asked: 4, done: 3 },
  points: [
    {
      settings: { rank: '4' },
      runs: [
        { seed: 1, splitSeed: 1, run: run('x1') },
        { seed: 2, splitSeed: 2, run: run('x2', 'done', 18) },
      ],
    },
    {
      settings: { rank: '16' },
      runs: [
        { seed: 1, splitSeed: 1, run: run('y1') },
        { seed: 2, splitSeed: 2, run: run('y2', 'failed') },
      ],
    },
  ],
  tables: [{ cards: 'unseen', examples: 0, rows: [row(0, 0.05), row(1, -0.002, null)] }],
})

it('says a row a point: settings, tasks trained, runs, the lead, then every system; what is not done and what to compare', () => {
  const text = sweepText(sweep, comparable(sweep), 200)
  const lines = text.split('\n')
  expect(lines.find((line) => line.startsWith('rank'))?.split(/ {2,}/)).toEqual([
    ...['rank', 'tasks', 'n', 'lead over best control', 'best control'],
    ...['frozen', 'no card', 'task card'],
  ])
  const cells = (start: string) => lines.find((line) => line.startsWith(start))?.split(/ {2,}/)
  expect(cells('4 ')).toEqual([
    '4',
    '18–20',
    '2',
    '+.050 ± .004',
    'no card',
    '.300 ± .004',
    '.400 ± .004',
    '.500 ± .004',
  ])
  expect(cells('16 ')).toEqual(['16', '20', '1', '−.002', 'no card', '.300', '.400', '.500'])
  expect(text).toContain('rank=16, seed 2, split seed 2: y2 is failed: TRAINING_DIVERGED')
  expect(text).toContain('hydra compare x1 y1')
  expect(text).toContain('/compare?run=x1&run=y1&run=x2')
})

it('goes on in a further table where a line would be wider than the terminal', () => {
  const text = sweepText(sweep, comparable(sweep), 60)
  const table = text.split('\n').filter((line) => /^(rank|4|16) /.test(line))
  expect(Math.max(...table.map(textWidth))).toBeLessThanOrEqual(60)
  expect(table.filter((line) => line.startsWith('rank')).length).toBeGreaterThan(1)
  expect(table.join(' ')).toContain('.500 ± .004')
})
