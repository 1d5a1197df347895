import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRunField, mistakableIds, runField } from '../../../src/main/engine/formats/run-field'

describe('a field of a run file', () => {
  it.each([
    ['d1', 'd1'],
    ['ns:d|1', 'ns:d|1'],
    ['<dbpedia:Caf%C3%A9>', '<dbpedia:Caf%C3%A9>'],
    ['two words', 'two%20words'],
    ['100% of\tit', '100%25%20of%09it'],
    ['no\u00a0break', 'no%C2%A0break'],
    ['next\u0085line', 'next%C2%85line'],
    ['\u0000\u001f', '%00%1F'],
    ['ideographic\u3000space', 'ideographic%E3%80%80space'],
  ])('%j is %s', (id, field) => {
    expect(runField(id)).toBe(field)
    expect(isRunField(id)).toBe(id === field)
  })

  it('may read like another id that is there', () => {
    expect(mistakableIds(['a b', 'a%20b', 'b c', '100%'])).toEqual(['a b'])
    expect(mistakableIds(['a%20b', '100%'])).toEqual([])
  })

  it('holds no white space and says the id again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (id) => {
        const field = runField(id)
        expect(field.split(/\s/)).toHaveLength(1)
        expect(isRunField(id) ? field : decodeURIComponent(field)).toBe(id)
      }),
      { examples: [['100% of it'], [' % ']] },
    )
  })
})
