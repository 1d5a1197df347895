import { describe, expect, it } from 'vitest'
import { histogramSummary } from '../../../src/renderer/charts/histogram-option'

describe('a histogram in words', () => {
  it('says the median, the usual bound and the longest', () => {
    const lengths = { texts: 1200, median: 13, p95: 28, longest: 96 }
    expect(histogramSummary('Documents by length', 'words', lengths)).toBe(
      'Documents by length: of 1,200 texts half have at most 13 words, 95 % at most 28; the longest has 96.',
    )
  })
})
