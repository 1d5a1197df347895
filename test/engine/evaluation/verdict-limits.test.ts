import { describe, expect, it } from 'vitest'
import type { Task } from '../../../src/main/engine/datasets/collection'
import { nearestTrained } from '../../../src/main/engine/datasets/nearest-trained'
import { type LimitFacts, verdictLimits } from '../../../src/main/engine/evaluation/verdict-limits'
import { madePart, madeRow } from '../../made-verdict'

/** A task that stands for these documents of a corpus. */
const task = (corpus: string, documents: readonly number[], family?: string) =>
  ({
    id: `${corpus}/${documents.join('-')}`,
    collection: { id: corpus, family },
    members: Int32Array.from(documents),
  }) as unknown as Task
const level = (value: number) => ({ 'nDCG@10': { value, low: value, high: value } })
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
const many = range(0, 60).map((i) => task('wordnet', range(10 * i, 10 * i + 10)))
const apart = [task('wordnet', range(1000, 1010))]
const rows = [madeRow({ row: 'task card', mean: level(0.2) }), madeRow({ row: 'no card', mean: level(0.1) })]
const HALF = { train: 50, dev: 20, test: 30 }
type Facts = Omit<LimitFacts, 'nearest'>
const limits = (change: Partial<Facts>) => {
  const facts: Facts = {
    rows,
    documents: [],
    trained: many,
    unseen: apart,
    holdOut: 'strict',
    collections: [{ id: 'wordnet' }],
    ...change,
  }
  return verdictLimits({ ...facts, nearest: nearestTrained(facts.unseen, facts.trained) }).join('\n')
}

/** Each clause: facts under which it must be said, facts under which it must not. */
const CLAUSES: readonly [string, RegExp, Partial<Facts>, Partial<Facts>][] = [
  [
    'splits were hashed at import',
    /cisi, cosqa: no train split of its own; .* hashed 50\/20\/30/,
    {
      collections: [{ id: 'wordnet' }, ...['cisi', 'cosqa'].map((id) => ({ id, hashed: HALF }))],
    },
    {},
  ],
  [
    'documents occur in trained tasks',
    /documents themselves occur in trained tasks/,
    {},
    { unseen: [task('other', range(0, 10))] },
  ],
  [
    'documents of some of them do',
    /occur in trained tasks for 1 of 2 unseen tasks/,
    { unseen: [...apart, task('other', range(0, 10))] },
    {},
  ],
  [
    'an unseen card lies inside a trained one',
    /1 of 2 unseen cards have more than half of their documents inside/,
    { unseen: [...apart, task('wordnet', [0, 1, 2, 3])] },
    { unseen: [task('wordnet', [9, 10, 20, 30])] },
  ],
  [
    'corpora held out whole judge with all their queries',
    /held out whole are judged on all of their judged queries/,
    { unseen: [task('other', [1, 2])], holdOut: 'corpora' },
    { unseen: [task('other', [1, 2])], holdOut: 'strict' },
  ],
  [
    'relatives of a held-out corpus were trained',
    /1 of 2 unseen corpora are of families of which other corpora were trained/,
    {
      trained: [...many, task('kinds.oak', [0], 'kinds')],
      unseen: [task('kinds.elm', [1], 'kinds'), task('other', [1])],
      holdOut: 'corpora',
    },
    {
      trained: [...many, task('kinds.oak', [0], 'kinds')],
      unseen: [task('words.elm', [1], 'words'), task('kinds.oak', [1], 'kinds')],
      holdOut: 'families',
    },
  ],
  ['loose hold-out', /Loose hold-out/, { holdOut: 'loose' }, { holdOut: 'strict' }],
  ['few trained tasks', /39 tasks were trained: below about 40/, { trained: many.slice(0, 39) }, {}],
  [
    'low levels',
    /low in absolute terms \(\.200 at most\)/,
    {},
    { rows: [madeRow({ row: 'task card', mean: level(0.6) }), ...rows.slice(1)] },
  ],
  ['one corpus', /One corpus \(wordnet\)/, {}, { unseen: [task('other', [1, 2])] }],
  ['no control without a card', /without a card did not run/, { rows: rows.slice(0, 1) }, {}],
  [
    'no few-shot head',
    /\(few-shot\) at k = 4/,
    { rows: [...rows, madeRow({ row: 'task card', examples: 4, mean: level(0.2) })] },
    {
      rows: [
        ...rows,
        madeRow({ row: 'task card', examples: 4, mean: level(0.2) }),
        madeRow({ row: 'few-shot', examples: 4, mean: level(0.1) }),
      ],
    },
  ],
  ['no card held out', /No card was held out/, { unseen: [] }, {}],
  [
    'no id in its place',
    /an id in the card's place would do as well was not measured/,
    { unseen: [] },
    { unseen: [], rows: [...rows, madeRow({ row: 'task id', mean: level(0.2) })] },
  ],
  [
    'every query asks for a document that was trained on',
    /what the head does for other documents was not measured/,
    { unseen: [], documents: [madePart('seen', 300)] },
    { unseen: [], documents: [madePart('seen', 196), madePart('unseen', 104)] },
  ],
  [
    'few tasks',
    /4 tasks are no sample of tasks/,
    { rows: rows.map((row) => ({ ...row, unit: 'queries within tasks' as const, taskCount: 4 })) },
    {},
  ],
  [
    'few tasks in some tables',
    /6 tasks are no sample.* over queries within them/,
    { rows: [...rows, { ...rows[0], examples: 4, unit: 'queries within tasks', taskCount: 6 }] },
    {},
  ],
  [
    'few clusters of tasks',
    /15 tasks, which overlap in fewer than 10 clusters, are no sample/,
    { rows: rows.map((row) => ({ ...row, unit: 'queries within tasks' as const, taskCount: 15 })) },
    { rows: rows.map((row) => ({ ...row, unit: 'queries within tasks' as const, taskCount: 9 })) },
  ],
  [
    'one task',
    /One task: intervals/,
    { rows: rows.map((row) => ({ ...row, unit: 'queries' as const, taskCount: 1 })) },
    {},
  ],
]

describe('limits', () => {
  it.each(CLAUSES)('%s: said where it applies, and nowhere else', (_, clause, facts, others) => {
    expect(limits(facts)).toMatch(clause)
    expect(limits(others)).not.toMatch(clause)
  })

  it('always tell of the one encoder, split and seed, and of nothing where nothing was trained', () => {
    for (const [, , facts] of CLAUSES) expect(limits(facts)).toMatch(/encoder, one split and one seed/)
    expect(limits({ rows: [madeRow({ row: 'frozen' })], trained: [], unseen: [] })).toEqual('')
  })
})

it('hashed splits are told of where nothing was trained, too', () => {
  const frozen = { rows: [madeRow({ row: 'frozen' })], trained: [], unseen: [] }
  expect(limits({ ...frozen, collections: [{ id: 'cisi', hashed: HALF }] })).toMatch(
    /cisi: .* hashed 50\/20\/30/,
  )
  expect(limits(frozen)).toBe('')
})
