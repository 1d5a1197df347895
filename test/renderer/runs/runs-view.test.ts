import { describe, expect, it } from 'vitest'
import {
  chosenAfter,
  isFiltered,
  readRunsView,
  runsOfView,
  runsQuery,
  sortedBy,
  valuesOf,
} from '../../../src/renderer/runs/runs-view'
import type { RunSummary } from '../../../src/shared/schemas/runs/run-summary'
import { madeSummary } from '../../made-summary'

const usual = readRunsView({})
const interval = (value: number) => ({ value, low: value, high: value })
const scored = (id: string, value: number, day: number): RunSummary =>
  madeSummary({
    id,
    createdAt: `2026-03-0${day}T00:00:00.000Z`,
    figures: {
      headline: {
        ...{ row: 'task card', cards: 'unseen', examples: 0, measure: 'nDCG@10' },
        mean: interval(value),
        lead: null,
      },
      dev: null,
    },
  })
const ids = (runs: readonly RunSummary[]) => runs.map(({ id }) => id)

describe('the address of a view', () => {
  it('is empty for the usual one: all that is not archived, newest first', () => {
    expect(Object.values(runsQuery(usual)).filter((value) => value !== undefined)).toEqual([])
    expect(usual).toMatchObject({ archived: 'hidden', sort: 'started', descending: true, chosen: [] })
  })

  it('says everything that a view is, and is read back', () => {
    const view = {
      ...{ text: 'wide', state: 'done', preset: 'recommended', dataset: 'scifact', tag: 'paper' },
      archived: 'too' as const,
      sort: 'lead' as const,
      descending: false,
      chosen: ['b', 'a'],
    }
    expect(readRunsView(JSON.parse(JSON.stringify(runsQuery(view))))).toEqual(view)
  })

  it('of a stranger asks for nothing that there is not', () => {
    const read = readRunsView({ sort: '-constructor', archived: 'yes', pick: ['a', null, 'a'], q: [] })
    expect(read).toEqual({ ...usual, chosen: ['a'] })
  })
})

describe('the runs of a view', () => {
  const wide = madeSummary({ id: 'wide', title: 'Wide basis', tags: ['paper'], notes: 'Longer queries' })
  const failed = madeSummary({ id: 'failed', state: 'failed', archived: true })
  const other = madeSummary({ id: 'other', datasets: [{ id: 'nfcorpus', sha256: '' }] })
  const all = [wide, failed, other]
  const found = (change: Partial<typeof usual>) => ids(runsOfView(all, { ...usual, ...change }))

  it('are those that have every word somewhere, and no archived one unless asked', () => {
    expect(found({})).toEqual(['wide', 'other'])
    expect(found({ text: 'LONGER basis paper' })).toEqual(['wide'])
    expect(found({ text: 'longer nothing' })).toEqual([])
    expect(found({ archived: 'only' })).toEqual(['failed'])
    expect(found({ archived: 'too', state: 'failed' })).toEqual(['failed'])
    expect(found({ tag: 'paper' })).toEqual(['wide'])
    expect(found({ dataset: 'nfcorpus' })).toEqual(['other'])
    expect(found({ preset: 'none' })).toEqual([])
    expect(isFiltered(usual)).toBe(false)
    expect(isFiltered({ ...usual, tag: 'paper' })).toBe(true)
  })

  it('are sorted either way with those that have no value last, equal ones newest first', () => {
    const runs = [scored('a', 0.2, 1), madeSummary({ id: 'none' }), scored('b', 0.3, 2), scored('c', 0.2, 3)]
    const by = (descending: boolean) => ids(runsOfView(runs, { ...usual, sort: 'measure', descending }))
    expect(by(true)).toEqual(['b', 'c', 'a', 'none'])
    expect(by(false)).toEqual(['c', 'a', 'b', 'none'])
  })

  it('are turned round by a second press; names begin at A and figures at the most', () => {
    expect(sortedBy(usual, 'name')).toMatchObject({ sort: 'name', descending: false })
    expect(sortedBy(usual, 'measure')).toMatchObject({ sort: 'measure', descending: true })
    expect(sortedBy(usual, 'started')).toMatchObject({ sort: 'started', descending: false })
  })

  it('say what there is to filter by', () => {
    expect(valuesOf(all)).toEqual({
      states: ['done', 'failed'],
      presets: ['recommended'],
      datasets: ['nfcorpus', 'scifact'],
      tags: ['paper'],
    })
  })
})

describe('choosing runs', () => {
  const view = ['a', 'b', 'c', 'd'].map((id) => madeSummary({ id }))

  it('takes one, or all from the last one on, and gives them back', () => {
    expect(chosenAfter(view, [], { id: 'b', on: true, from: null })).toEqual(['b'])
    expect(chosenAfter(view, ['b'], { id: 'd', on: true, from: 'b' })).toEqual(['b', 'c', 'd'])
    expect(chosenAfter(view, ['a', 'b', 'c'], { id: 'a', on: false, from: 'b' })).toEqual(['c'])
  })

  it('keeps what is out of view', () => {
    expect(chosenAfter(view, ['gone'], { id: 'a', on: true, from: 'gone' })).toEqual(['gone', 'a'])
  })
})
