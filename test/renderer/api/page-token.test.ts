import { describe, expect, it } from 'vitest'
import { parseFragment } from '../../../src/renderer/api/page-token'

describe('page token', () => {
  it.each([
    ['#token=abc', { token: 'abc', path: null }],
    ['#token=a%2Bb&path=/compare?run=r1&k=4', { token: 'a+b', path: '/compare?run=r1&k=4' }],
    ['#/search?q=token=1', { token: null, path: null }],
    ['', { token: null, path: null }],
  ])('%s', (fragment, expected) => expect(parseFragment(fragment)).toEqual(expected))
})
