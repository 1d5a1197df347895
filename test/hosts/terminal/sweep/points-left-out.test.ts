import { expect, it } from 'vitest'
import { pointsLeftOut } from '../../../../src/main/hosts/terminal/commands/sweep/points-left-out'
import { sweepText } from '../../../../src/main/hosts/terminal/commands/sweep/sweep-table'
import { sweepSchema } from '../../../../src/shared/schemas/runs/sweep'
import { plain } from '../../../made-verdict'

const client = {
  sweeps: {
    units: async ({ by }: { by: string }) => [
      { name: `${by} a`, unseen: ['a/1', 'a/2'] },
      { name: `${by} b`, unseen: ['b'] },
    ],
  },
} as unknown as Parameters<typeof pointsLeftOut>[0]

it('holds out each unit by name, tasks under the rule that is asked and the others whole', async () => {
  const request = { tasks: ['a/*', 'b'], preset: 'quick', holdOut: 'one-way' as const }
  expect(await pointsLeftOut(client, request, 'tasks')).toEqual([
    { settings: { 'left out': 'tasks a' }, request: { ...request, unseen: ['a/1', 'a/2'] } },
    { settings: { 'left out': 'tasks b' }, request: { ...request, unseen: ['b'] } },
  ])
  const [family] = await pointsLeftOut(client, request, 'families')
  expect(family.request).toMatchObject({ holdOut: 'families', unseen: ['a/1', 'a/2'] })
})

it('says a row a unit, and what all of them come to', () => {
  const spread = (mean: number) => ({ n: 1, mean, sd: null })
  const run = { id: 'x', state: 'done', reason: null, tasks: { seen: 3, unseen: 1 } }
  const over = { units: 2, won: 1, mean: 0.02, low: -0.01, high: 0.05 }
  const sweep = sweepSchema.parse({
    ...{ version: 1, id: 'a1b2c3d4e5f6a7b8', asked: 2, done: 2 },
    points: ['scifact', 'nfcorpus'].map((name) => ({
      settings: { 'left out': name },
      runs: [{ seed: 1, splitSeed: 1, run }],
    })),
    tables: [
      {
        ...{ cards: 'unseen', examples: 0 },
        rows: [0.05, -0.01].map((lead, point) => ({
          ...{ point, n: 1 },
          systems: [{ ...plain('frozen'), measures: { 'nDCG@10': spread(0.5) } }],
          leads: { 'nDCG@10': { ...spread(lead), system: plain('task card'), controls: ['frozen'] } },
        })),
      },
    ],
    leftOut: [
      { ...{ cards: 'unseen', examples: 0, measure: 'nDCG@10' }, lead: over, gain: { ...over, low: null } },
    ],
  })
  const text = sweepText(sweep, { address: null, judgedAlike: [] }, 200)
  expect(text).toMatch(/left out .*\nscifact .*\+\.050.*\nnfcorpus .*−\.010/)
  expect(text).toContain(
    'Left out in turn, nDCG@10: +.020 [−.010, +.050] over the best control, above it on 1 of 2; +.020 over frozen, above it on 1 of 2.',
  )
})
