import { expect, it } from 'vitest'
import { fitted, handedChoice } from '../../../src/main/pipeline/handing-out/handed-choice'
import { HydraError } from '../../../src/shared/errors'
import type { HandOut, HandOutDecision } from '../../../src/shared/schemas/runs/hand-out'

const FROZEN = { head: 'frozen', strength: 1 } as const
const CONTROL = { head: 'card as text', strength: 1, setting: 'λ = 2, e(description) − mean' } as const
const HALF = { head: 'task card', strength: 0.5 } as const
const evidence = (lead: number) => ({ mean: 0.5 + lead, lead, low: lead - 0.02, high: lead + 0.02 })
const decision = (change: Partial<HandOutDecision>): HandOutDecision => ({
  cards: 'seen',
  task: 'cisi',
  examples: 0,
  queries: 15,
  tasks: 1,
  unit: 'queries',
  chosen: FROZEN,
  candidates: [
    { ...FROZEN, mean: 0.5, lead: 0, low: 0, high: 0 },
    { ...CONTROL, ...evidence(-0.01) },
    { ...HALF, ...evidence(0.01) },
  ],
  ...change,
})
const handOut: HandOut = {
  version: 1,
  measure: 'nDCG@10',
  descriptionMean: [0],
  decisions: [
    decision({}),
    decision({ task: 'scifact', chosen: HALF, queries: 81 }),
    decision({ task: 'scifact', examples: 16, chosen: CONTROL }),
    decision({ task: null, chosen: HALF, tasks: 40, unit: 'tasks' }),
  ],
}
const ask = (change: Partial<Parameters<typeof handedChoice>[0]>) =>
  handedChoice({
    run: { id: 'r', seen: ['cisi', 'scifact', 'many/a'] },
    handOut,
    task: 'cisi',
    examples: 0,
    asked: 'rule',
    ...change,
  })

it('a trained task has the decision of its own, by examples or none, else that of all', () => {
  expect(ask({}).head).toEqual(FROZEN)
  expect(ask({}).words).toContain(
    'frozen encoder as it is, since on 15 dev queries of cisi no head was better',
  )
  expect(ask({}).words).toContain('the task card at g = .5 with +.010 [−.010, +.030]')
  expect(ask({ task: 'scifact' })).toMatchObject({ head: HALF })
  expect(ask({ task: 'scifact' }).words).toContain('chosen on 81 dev queries of scifact')
  expect(ask({ task: 'scifact', examples: 7 }).head).toEqual(CONTROL)
  expect(ask({ task: 'many/a' }).head).toEqual(HALF)
  expect(ask({ task: 'many/a' }).words).toContain('the dev queries of 40 trained tasks')
})

it('BM25 belongs beside the head where dev shows that it helps, and to no head that somebody asks for', () => {
  const shares = [
    { share: 0, mean: 0.5, lead: 0, low: 0, high: 0 },
    { share: 0.2, ...evidence(0.03) },
  ]
  const beside = (share: number) => ({
    handOut: {
      ...handOut,
      decisions: [decision({ chosen: HALF, bm25: { normalisation: 'min-max', share, candidates: shares } })],
    },
  })
  expect(ask(beside(0.2)).bm25).toEqual({ normalisation: 'min-max', share: 0.2 })
  expect(ask(beside(0.2)).words).toContain(
    'Beside it BM25 at a share of .2 (min-max): nDCG@10 +.030 [+.010, +.050] over the frozen encoder there.',
  )
  expect(fitted(ask(beside(0.2)), 1)).toEqual(ask(beside(0.2)))
  expect(fitted(ask(beside(0.2)), 0.5).bm25).toEqual({ normalisation: 'min-max', share: 0.1 })
  expect(fitted(ask(beside(0.2)), 0.5).words).toContain(
    'Experts make .50 of this card’s head, so BM25’s share is .10.',
  )
  // Where no expert fits, the frozen encoder is what one gets.
  expect(fitted(ask(beside(0.2)), 0).bm25).toBeNull()
  expect(ask(beside(0)).bm25).toBeNull()
  expect(ask(beside(0)).words).not.toContain('BM25')
  expect(ask({ ...beside(0.2), asked: 'task card' }).bm25).toBeNull()
})

it('the frozen encoder beside BM25 may lead more surely than a head that is sure alone, and that is said', () => {
  const shares = [
    { share: 0, mean: 0.5, lead: 0, low: 0, high: 0 },
    { share: 0.3, ...evidence(0.05) },
  ]
  const chosen = decision({
    candidates: [
      { ...FROZEN, mean: 0.5, lead: 0, low: 0, high: 0, bm25: shares[1] },
      { ...HALF, ...evidence(0.03), bm25: { share: 0.1, ...evidence(0.04) } },
    ],
    bm25: { normalisation: 'min-max', share: 0.3, candidates: shares },
  })
  const { head, bm25, words } = ask({ handOut: { ...handOut, version: 3, decisions: [chosen] } })
  expect(head).toEqual(FROZEN)
  expect(bm25?.share).toBe(0.3)
  expect(words).toContain('beside BM25 it leads more surely than any other head')
  expect(words).toContain('BM25 at a share of .3 (min-max): nDCG@10 +.050 [+.030, +.070]')
})

it('a card of which the rule knows nothing has the task card’s head, and that is said', () => {
  const whole = { head: 'task card', strength: 1 }
  for (const change of [
    { task: null },
    { task: 'held/out' },
    { handOut: null },
    { task: 'cisi', examples: 3 },
  ]) {
    const found = ask(change)
    expect(found.head).toEqual(whole)
    expect(found.words).toContain('nothing was chosen')
  }
})

it('a card that no training saw has what tasks left out of training chose', () => {
  const left = decision({ cards: 'unseen', task: null, chosen: HALF, tasks: 38, unit: 'tasks' })
  const chosen = { ...handOut, decisions: [...handOut.decisions, left] }
  for (const task of [null, 'held/out']) {
    const found = ask({ handOut: chosen, task })
    expect(found.head).toEqual(HALF)
    expect(found.words).toContain('38 tasks that were left out of training for it')
  }
  // Trained tasks are asked about themselves.
  expect(ask({ handOut: chosen }).head).toEqual(FROZEN)
})

it('hands out what is asked for in its place, and says what the rule would', () => {
  const found = ask({ asked: 'task card' })
  expect(found.head).toEqual({ head: 'task card', strength: 1 })
  expect(found.words).toMatch(/as asked: the task card\. By the rule: the frozen encoder/)
  expect(ask({ asked: 'card as text' }).head).toEqual(CONTROL)
  expect(ask({ asked: 'card as text', task: null }).head).toEqual(CONTROL)
  expect(() => ask({ asked: 'exemplar shift' })).toThrow(HydraError)
})
