import { describe, expect, it } from 'vitest'
import { findSource, isSource, sources } from '../../../../src/main/engine/datasets/sources'
import { sourceTerms } from '../../../../src/main/engine/datasets/sources/source-terms'

const DIGITS = { md5: 32, sha256: 64, sha512: 128, git: 40 }

describe('the sources', () => {
  it.each(sources.map((source) => [source.name, source] as const))(
    '%s says what it is made of',
    (_, source) => {
      expect(source.licence).not.toBe('')
      expect(source.files.length).toBeGreaterThan(0)
      for (const { checksum } of source.files)
        expect(checksum.hex).toMatch(new RegExp(`^[0-9a-f]{${DIGITS[checksum.kind]}}$`))
      expect(sourceTerms(source)).toContain(source.licence)
      // What is not made here has one file, which is imported as it is.
      if (!source.make) expect(source.files).toHaveLength(1)
    },
  )

  it('are found by name', () => {
    expect(findSource('beir/scifact').id).toBe('scifact')
    expect(isSource('scifact')).toBe(false)
    expect(() => findSource('beir/nothing')).toThrow(expect.objectContaining({ code: 'OPTION_UNKNOWN' }))
  })
})
