import { describe, expect, it } from 'vitest'
import { fromOverrides, toOverrides } from '../../../src/renderer/train/recipe-draft'
import {
  blankDraft,
  draftOfRun,
  missingOf,
  packDraft,
  requestOf,
  unpackDraft,
} from '../../../src/renderer/train/train-draft'
import { type TrainRequest, trainRequestSchema } from '../../../src/shared/schemas/run'

const splits = {
  train: { queries: 9, judgments: 9 },
  dev: { queries: 2, judgments: 2 },
  test: { queries: 3, judgments: 3 },
}
const DATASETS = [
  { id: 'finds', cards: 414, splits },
  { id: 'scifact', cards: 1, splits },
  { id: 'relates', cards: 20, splits },
]
const FAMILY = [
  { id: 'clouds.a', cards: 1, family: 'clouds', splits },
  { id: 'scifact', cards: 1, splits },
  { id: 'clouds.b', cards: 1, family: 'clouds', splits },
]

/** As a run records what it was asked. */
function recorded(asked: TrainRequest) {
  const request = trainRequestSchema.parse(asked)
  return { ...request, splitSeed: request.splitSeed ?? request.seed }
}

describe('the form of a training', () => {
  it('chooses a dataset that is the only one', () => {
    expect(requestOf(blankDraft([DATASETS[0]]), [DATASETS[0]]).tasks).toEqual(['finds/*'])
    expect(requestOf(blankDraft(DATASETS), DATASETS).tasks).toEqual([])
  })

  it.each([
    { tasks: ['finds/*', 'scifact'], unseen: 0.2, seed: 7, splitSeed: 2, steps: 300 },
    { tasks: ['finds/a', 'finds/b'], unseen: 0.5, holdOut: 'combinations' as const, ruleClusters: 40 },
    {
      tasks: ['relates/*'],
      unseen: ['relates/x*'],
      encoder: 'other?cut=256',
      backend: 'wasm',
      rows: ['frozen', 'task card'],
      preset: 'original-low-rank',
      overrides: {
        head: { name: 'film', options: { clamp: 2 } },
        losses: [{ name: 'pairwise', options: {}, weight: 0.5 }],
        nullCards: { share: 0.1 },
        learningRate: 0.01,
        conditioning: ['description'],
      },
    },
  ])('filled from a run asks for the same again: %j', (asked) => {
    const request = recorded(asked)
    const again = requestOf(draftOfRun({ id: 'run', request }, DATASETS), DATASETS)
    expect(recorded(again)).toEqual(request)
  })

  it('names a family by one pattern where all of it is chosen, and its corpora where not', () => {
    const draft = blankDraft(FAMILY)
    draft.selections = { 'clouds.a': 'all', 'clouds.b': 'all', scifact: 'all' }
    expect(requestOf(draft, FAMILY).tasks).toEqual(['clouds.*', 'scifact'])
    draft.selections['clouds.b'] = 'none'
    expect(requestOf(draft, FAMILY).tasks).toEqual(['clouds.a', 'scifact'])
    const untrainable = FAMILY.map((one) =>
      one.id === 'clouds.b' ? { ...one, splits: { test: splits.test } } : one,
    )
    draft.selections['clouds.b'] = 'all'
    expect(requestOf(draft, untrainable).tasks).toEqual(['clouds.a', 'scifact', 'clouds.b'])
  })

  it('filled from a run of a family chooses its corpora, and says which are there no more', () => {
    const request = recorded({ tasks: ['clouds.*', 'gone.*', 'lost/x'], holdOut: 'corpora' })
    const draft = draftOfRun({ id: 'run', request }, FAMILY)
    expect(draft.selections).toEqual({ 'clouds.a': 'all', scifact: 'none', 'clouds.b': 'all' })
    expect(requestOf(draft, FAMILY)).toMatchObject({ tasks: ['clouds.*'], holdOut: 'corpora' })
    expect(missingOf(request.tasks, FAMILY)).toEqual(['gone', 'lost'])
  })

  it('is the same after it was kept', () => {
    const request = recorded({
      splitSeed: 3,
      tasks: ['finds/a'],
      overrides: { basis: 8 },
      rows: ['frozen'],
    })
    const draft = draftOfRun({ id: 'run', request }, DATASETS)
    expect(unpackDraft(JSON.parse(JSON.stringify(packDraft(draft))))).toEqual(draft)
  })

  it('has a recipe that keeps what a choice leaves to the preset', () => {
    const overrides = { head: { options: { clamp: 2 } }, wrongCards: { share: 0.2, margin: 0.3 } }
    expect(toOverrides(fromOverrides(overrides))).toEqual(overrides)
    expect(toOverrides(fromOverrides(undefined))).toBeUndefined()
  })
})
