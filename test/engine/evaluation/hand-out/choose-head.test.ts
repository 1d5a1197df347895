import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import {
  chooseHead,
  type ScoredHead,
  sureHeads,
} from '../../../../src/main/engine/evaluation/hand-out/choose-head'
import type { HandedHead } from '../../../../src/shared/schemas/runs/hand-out'

interface Golden {
  readonly cases: readonly {
    readonly name: string
    readonly clusters: number[] | null
    readonly heads: number[][][]
    readonly leads: [number, number, number][]
    readonly chosen: number
  }[]
  /** Heads on one task's queries, and [heads][shares .2 and .4][queries] beside BM25. */
  readonly pairs: readonly {
    readonly name: string
    readonly heads: number[][][]
    readonly beside: number[][][]
    readonly sure: number[]
    readonly chosen: [head: number, share: number]
  }[]
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../../fixtures/hand-out.json', import.meta.url), 'utf8'),
)
const HEADS: readonly HandedHead[] = [
  { head: 'frozen', strength: 1 },
  { head: 'task card', strength: 0.25 },
  { head: 'task card', strength: 0.5 },
  { head: 'task card', strength: 1 },
]

it.each(golden.cases)('chooses as scipy’s intervals say: $name', ({ clusters, heads, leads, chosen }) => {
  const scored = heads.map((tasks, h) => ({
    head: HEADS[h],
    tasks: tasks.map((values) => Float64Array.from(values)),
  }))
  const found = chooseHead(scored, clusters ? { unit: 'tasks', clusters } : { unit: 'queries' })
  leads.forEach(([lead, low, high], h) => {
    const candidate = found.candidates[h + 1]
    expect(candidate.lead).toBeCloseTo(lead, 12)
    expect(candidate.low).toBeCloseTo(low, 9)
    expect(candidate.high).toBeCloseTo(high, 9)
  })
  expect(found.chosen).toEqual(HEADS[chosen])
})

it('leaves the encoder as it is where a single unit, or none but equal ones, speak for a head', () => {
  const one = (value: number) => ({ tasks: [Float64Array.of(value)] })
  const single = chooseHead(
    [
      { head: HEADS[0], ...one(0.2) },
      { head: HEADS[3], ...one(0.9) },
    ],
    { unit: 'queries' },
  )
  expect(single.chosen).toEqual(HEADS[0])
  expect(single.candidates[1]).toMatchObject({ low: null, high: null })
  const same = Float64Array.of(0.4, 0.6, 0.1)
  const equal = chooseHead(
    [
      { head: HEADS[0], tasks: [same] },
      { head: HEADS[3], tasks: [same] },
    ],
    { unit: 'queries' },
  )
  expect(equal.chosen).toEqual(HEADS[0])
})

it.each(golden.pairs)('a head and BM25 are chosen together: $name', ({ heads, beside, sure, chosen }) => {
  const alone = heads.map(
    (tasks, h): ScoredHead => ({ head: HEADS[h], tasks: tasks.map((values) => Float64Array.from(values)) }),
  )
  const found = sureHeads(alone, { unit: 'queries' })
  expect(found.map((one) => alone.indexOf(one))).toEqual(sure)
  const shares = [0.2, 0.4]
  // Of a head that is not sure alone what BM25 makes of it is not heeded.
  const tried = alone.map((one, h) => ({
    ...one,
    beside: beside[h].map((values, s) => ({ share: shares[s], tasks: [Float64Array.from(values)] })),
  }))
  const { chosen: head, bm25, candidates } = chooseHead(tried, { unit: 'queries' })
  expect([head, bm25.share]).toEqual([HEADS[chosen[0]], [0, ...shares][chosen[1]]])
  expect(bm25.candidates.map(({ share }) => share)).toEqual([0, ...shares])
  // What each could be beside BM25 is told of those that were tried, and no other.
  expect(candidates.flatMap((one, h) => (one.bm25 ? [h] : []))).toEqual(sure)
  expect(candidates[chosen[0]].bm25?.share).toBe(bm25.share)
})

it('a share need not be sure to add to the head, only to lead more surely with it', () => {
  const frozen = [Float64Array.of(0.1, 0.2, 0.3, 0.4)]
  const plus = (...gains: number[]) => [frozen[0].map((value, i) => value + gains[i])]
  const beside = (...gains: number[]) =>
    chooseHead(
      [
        { head: HEADS[0], tasks: frozen },
        {
          head: HEADS[3],
          tasks: plus(0.1, 0.12, 0.09, 0.11),
          beside: [{ share: 0.2, tasks: plus(...gains) }],
        },
      ],
      { unit: 'queries' },
    ).bm25.share
  // More than the head on two queries, less on none, but not by more than noise.
  expect(beside(0.13, 0.12, 0.13, 0.11)).toBe(0.2)
  expect(beside(0.4, 0, 0.3, -0.1)).toBe(0)
})
