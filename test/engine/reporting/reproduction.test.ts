import { describe, expect, it } from 'vitest'
import { compareReproduction } from '../../../src/main/engine/reporting/reproduction'
import { resolveRecipe } from '../../../src/main/engine/training/recipes/recipes'
import { type RunRecord, recipeSchema } from '../../../src/shared/schemas/run'
import type { Verdict } from '../../../src/shared/schemas/verdict'
import { madeRow, madeVerdict } from '../../made-verdict'
import { runDraft } from '../../run-draft'

const made = (change: Partial<RunRecord> = {}): RunRecord => ({
  ...{ version: 1, id: 'r', createdAt: '', endedAt: null, state: 'done', reason: null, notes: [] },
  ...runDraft({ seen: ['a', 'b'], unseen: ['c', 'd'], recipe: resolveRecipe('recommended', 4) }),
  weights: { 'task card': '1'.repeat(64) },
  ...change,
})
const judged = (value: number): Verdict =>
  madeVerdict({
    rows: [
      madeRow({ row: 'frozen', mean: { 'nDCG@10': { value, low: 0, high: 1 } } }),
      // Somebody else's rankings are no part of what a request gives.
      madeRow({
        row: 'theirs',
        imported: 'f'.repeat(64),
        mean: { 'nDCG@10': { value: 0.9, low: 0, high: 1 } },
      }),
    ],
  })
const original = { run: made(), verdict: judged(0.5) }
const differing = (run: Partial<RunRecord>, verdict = judged(0.5)) => {
  const { reproduced, lines } = compareReproduction(original, { run: made(run), verdict })
  return { reproduced, differs: lines.filter(({ agrees }) => !agrees).map(({ part, what }) => [part, what]) }
}

describe('compareReproduction', () => {
  it('finds nothing that differs in the same', () => {
    const { reproduced, lines } = compareReproduction(original, {
      run: made({ id: 'again' }),
      verdict: judged(0.5),
    })
    expect(reproduced).toBe(true)
    expect(new Set(lines.map(({ part }) => part)).size).toBe(7)
    expect(lines.every(({ agrees }) => agrees)).toBe(true)
    expect(lines.filter(({ part }) => part === 'measure')).toHaveLength(1)
  })

  it('lets program and machine differ, and names them', () => {
    const machine = { ...made().machine, cpu: 'another', node: 'v99.0.0' }
    expect(differing({ app: '9.9.9', machine, backend: { id: 'wasm', reason: '' } })).toEqual({
      reproduced: true,
      differs: [
        ['program', 'version of the workbench'],
        ['program', 'processor'],
        ['program', 'Node'],
        ['program', 'backend'],
      ],
    })
  })

  it.each([
    ['data', 'dataset scifact', { datasets: [{ id: 'scifact', sha256: 'c'.repeat(64) }] }],
    ['encoder', 'encoder all-MiniLM-L6-v2', { encoder: { id: 'other', sha256: 'e'.repeat(64) } }],
    ['split', 'trained tasks', { seen: ['b', 'a'] }],
    ['split', 'tasks held out', { unseen: ['c', 'e'] }],
    ['split', 'tasks left out to choose on', { ruleTasks: ['x'] }],
    ['recipe', 'rank', { recipe: recipeSchema.parse({ ...made().recipe, rank: 99 }) }],
    ['weights', 'weights of task card', { weights: { 'task card': '2'.repeat(64) } }],
    ['weights', 'weights of no card', { weights: { ...made().weights, 'no card': '3'.repeat(64) } }],
  ] as [string, string, Partial<RunRecord>][])('tells that %s differ: %s', (part, what, change) => {
    expect(differing(change)).toEqual({ reproduced: false, differs: [[part, what]] })
  })

  it('does not mind the order of tasks that are not trained', () => {
    expect(differing({ unseen: ['d', 'c'] }).reproduced).toBe(true)
  })

  it('holds figures to three decimals, and misses those that are not there', () => {
    expect(differing({}, judged(0.5004)).reproduced).toBe(true)
    const what = 'unseen, k = 0, nDCG@10 of frozen'
    expect(differing({}, judged(0.501))).toEqual({ reproduced: false, differs: [['measure', what]] })
    expect(differing({}, madeVerdict()).differs).toEqual([['measure', what]])
  })
})
