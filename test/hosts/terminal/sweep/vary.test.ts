import { describe, expect, it } from 'vitest'
import type { TrainArgs } from '../../../../src/main/hosts/terminal/arguments/train-request'
import { argsOfPoint, expandGrid, readAxes } from '../../../../src/main/hosts/terminal/commands/sweep/vary'

const ARGS = { tasks: 'a' } as TrainArgs
const grid = (varied: string[], curve?: string) => expandGrid(readAxes(varied, curve))
const usage = expect.objectContaining({ code: 'USAGE' })

describe('expandGrid', () => {
  it('has every combination, the last axis fastest, and the curve last', () => {
    expect(grid(['rank=4,8', 'preset=quick,corpora'])).toEqual([
      { rank: '4', preset: 'quick' },
      { rank: '4', preset: 'corpora' },
      { rank: '8', preset: 'quick' },
      { rank: '8', preset: 'corpora' },
    ])
    expect(grid(['rank=4'], '5, all')).toEqual([
      { rank: '4', trained: '5' },
      { rank: '4', trained: 'all' },
    ])
    expect(grid([])).toEqual([{}])
  })

  it('parts values by bars where they have commas of their own', () => {
    expect(grid(['conditioning=description,corpus|queries'])).toEqual([
      { conditioning: 'description,corpus' },
      { conditioning: 'queries' },
    ])
  })

  it.each([
    [['rank']],
    [['=4']],
    [['rank=']],
    [['rank=4,,8']],
    [['rank=4,4']],
    [['rank=4', 'rank=8']],
    [['trained=5'], '10'],
  ])('refuses %j %s', (varied: string[], curve?: string) => {
    expect(() => grid(varied, curve)).toThrow(usage)
  })
})

describe('argsOfPoint', () => {
  it('takes an option of train by its name and anything else as a setting', () => {
    expect(argsOfPoint(ARGS, { preset: 'quick', rank: '4', 'generator.skip': 'off' })).toEqual({
      tasks: 'a',
      preset: 'quick',
      set: ['rank=4', 'generator.skip=off'],
    })
    expect(argsOfPoint({ ...ARGS, set: ['basis=2'] }, { trained: 'all' })).toEqual({
      tasks: 'a',
      set: ['basis=2'],
      trained: undefined,
    })
    expect(argsOfPoint(ARGS, { tasks: 'b', trained: '5' })).toEqual({ tasks: 'b', trained: '5' })
  })

  it('refuses what is settled as well as varied, and choices that there are not', () => {
    expect(() => argsOfPoint({ ...ARGS, preset: 'quick' }, { preset: 'corpora' })).toThrow(usage)
    expect(() => argsOfPoint({ ...ARGS, set: ['rank = 2'] }, { rank: '4' })).toThrow(usage)
    expect(() => argsOfPoint(ARGS, { side: 'left' })).toThrow(usage)
  })
})
