import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trecRunLines } from '../../../src/main/engine/exporting/trec-run'

describe('trecRunLines', () => {
  it('writes six fields a line, ranks from 1', () => {
    const scores = Float32Array.of(0.5, 0.25, -1)
    expect(trecRunLines({ query: 'q1', documents: ['d2', 'd10', 'd1'], scores }, 'hydra')).toBe(
      'q1 Q0 d2 1 0.5 hydra\nq1 Q0 d10 2 0.25 hydra\nq1 Q0 d1 3 -1 hydra\n',
    )
  })

  it('keeps every digit of a float32 score, so the order survives', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength: 20 }), (scores) => {
        const documents = Array.from(scores, (_, i) => `d${i}`)
        const lines = trecRunLines({ query: 'q', documents, scores }, 't').split('\n').slice(0, -1)
        const read = Float32Array.from(lines, (line) => Number(line.split(' ')[4]))
        // −0 and 0 are one score.
        expect(Array.from(read, (value) => value + 0)).toEqual(Array.from(scores, (value) => value + 0))
      }),
    )
  })

  it('escapes what its fields cannot hold', () => {
    const line = trecRunLines({ query: 'two words', documents: ['tab\tid'], scores: [1] }, 'my tag')
    expect(line).toBe('two%20words Q0 tab%09id 1 1 my%20tag\n')
  })
})
