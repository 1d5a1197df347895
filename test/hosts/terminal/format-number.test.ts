import { describe, expect, it } from 'vitest'
import { formatBytes, formatDuration } from '../../../src/main/hosts/terminal/format-number'

describe('numbers as people read them', () => {
  it.each([
    [formatDuration(59.6), '1 min 0 s'],
    [formatDuration(48.2), '48 s'],
    [formatDuration(3900), '1 h 5 min'],
    [formatBytes(999), '999 bytes'],
    [formatBytes(23_026_053), '23.0 MB'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
  })
})
