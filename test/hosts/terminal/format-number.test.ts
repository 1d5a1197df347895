import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatDelta,
  formatDuration,
  formatMeasure,
  formatP,
} from '../../../src/main/hosts/terminal/format-number'

describe('numbers as people read them', () => {
  it.each([
    [formatMeasure(0.1792), '.179'],
    [formatMeasure(1), '1.000'],
    [formatMeasure(0.9996), '1.000'],
    [formatMeasure(0), '.000'],
    [formatDelta(0.046), '+.046'],
    [formatDelta(-0.013), '−.013'],
    [formatDelta(-0.0001), '+.000'],
    [formatDuration(59.6), '1 min 0 s'],
    [formatDuration(48.2), '48 s'],
    [formatDuration(3900), '1 h 5 min'],
    [formatBytes(999), '999 bytes'],
    [formatBytes(23_026_053), '23.0 MB'],
    [formatP(0.0004), 'p < .001'],
    [formatP(0.0312), 'p = .031'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
  })
})
